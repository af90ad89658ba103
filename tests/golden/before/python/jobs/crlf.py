import docker

client = docker.from_env()
client.containers.run("alpine", "echo é")
client.images.pull("redis:7")
client.images.build(path=".", tag="web:dev")
client.containers.run("web:dev")
