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
        - {name: init, image: busybox:1.36, command: [sh, -c, "echo $HOME"]}
      containers:
        - name: web
          image:   "nginx:1.27"   # the page
        - name: sidecar
          image: registry.example.com/sidecar
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
		    image: 'nginx:1.27'
		  db:
		    image: postgres:17@sha256:0000000000000000000000000000000000000000000000000000000000000000
	END
	cat <<E
image: not-a-manifest:1
E
}
write
