import docker

docker.from_env().containers.run("alpine:3.20", "true")
