import docker

client = docker.from_env()
client.containers.run("alpine:latest@sha256:c9ef5b1f0b442255774ae31a839ff48ce1206a606a97052db8b4a13ae153fb7c", "echo é")
client.images.pull("redis:7@sha256:a0ed741ac6ba1c5759e6d93b088e5e315e089f8a2a6a17a0c16f6456ff434700")
client.images.build(path=".", tag="web:dev")
client.containers.run("web:dev")
