#!/usr/bin/env bash
# Sets up the registry and a page to look at: docker run no:1
set -euo pipefail
NAME=${1:-web} # é

kubectl apply -f - <<'EOF'   # quoted: nothing is filled in
apiVersion: apps/v1
kind: Deployment
metadata: {name: "web"}
spec:
  template:
    spec:
      initContainers:
        - {name: init, image: busybox:1.36@sha256:d55432289a2f69dad7e00346d00e8d4df4d0053a44dffb3f8cf463f6e3fb4b04, command: [sh, -c, "echo $HOME"]}
      containers:
        - name: web
          image:   "nginx:1.27@sha256:6965a10c15290ad0b29ca7fd1866de1850408b3cb15fb11a3bbbbc2fddb158bd"   # the page
        - name: sidecar
          image: registry.example.com/sidecar:latest@sha256:bd07d2cca8d76e099358a919219918e2fd623a20a848542038428c9258aca37c
---
apiVersion: v1
kind: Service
metadata: {name: web}
EOF

cat >pod.yaml <<EOF
apiVersion: v1
kind: Pod
metadata:
  name: $NAME
spec:
  containers:
    - image: nginx:1.27
EOF

write() {
	cat <<-END > compose.yaml
		services:
		  web:
		    image: 'nginx:1.27@sha256:6965a10c15290ad0b29ca7fd1866de1850408b3cb15fb11a3bbbbc2fddb158bd'
		  db:
		    image: postgres:17@sha256:0000000000000000000000000000000000000000000000000000000000000000
	END
	cat <<E
image: not-a-manifest:1
E
}
write
