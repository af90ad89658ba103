"""Helm charts: values that name images, and templates that put them into manifests."""

from collections.abc import Iterator
from random import Random

from bench.contents.file import File
from bench.words import name, repository, sentence, tag

_HELPERS = """{{{{- define "{app}.labels" -}}}}
app.kubernetes.io/name: {app}
app.kubernetes.io/instance: {{{{ .Release.Name }}}}
{{{{- end }}}}
"""
_WORKLOAD = """{{{{- if .Values.enabled }}}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{{{ .Release.Name }}}}-{app}
  labels:
    {{{{- include "{app}.labels" . | nindent 4 }}}}
spec:
  replicas: {{{{ .Values.replicas }}}}
  template:
    metadata:
      {{{{- with .Values.annotations }}}}
      annotations:
        {{{{- toYaml . | nindent 8 }}}}
      {{{{- end }}}}
    spec:
      containers:
        - name: {app}
          image: "{{{{ .Values.image.repository }}}}:{{{{ .Values.image.tag }}}}"
          imagePullPolicy: {{{{ .Values.image.pullPolicy }}}}
          resources:
            {{{{- toYaml .Values.resources | nindent 12 }}}}
        - name: {app}-sidecar
          image: {{{{ .Values.sidecar.image }}}}
{{{{- end }}}}
"""
_SERVICE = """apiVersion: v1
kind: Service
metadata:
  name: {{{{ .Release.Name }}}}-{app}
  labels:
    {{{{- include "{app}.labels" . | nindent 4 }}}}
spec:
  type: {{{{ .Values.service.type }}}}
  ports:
    - port: {{{{ .Values.service.port }}}}
"""
_ACCOUNT = """{{{{- if .Values.account.create }}}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{{{ .Values.account.name | default "{app}" }}}}
{{{{- end }}}}
"""
_CONFIGURATION = """apiVersion: v1
kind: ConfigMap
metadata:
  name: {{{{ .Release.Name }}}}-{app}
data:
  {{{{- range $key, $value := .Values.options }}}}
  {{{{ $key }}}}: {{{{ $value | quote }}}}
  {{{{- end }}}}
"""
_INGRESS = """{{{{- range .Values.hosts }}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {app}-{{{{ . | replace "." "-" }}}}
spec:
  rules:
    - host: {{{{ . | quote }}}}
{{{{- end }}}}
"""
_OTHERS = {"service": _SERVICE, "account": _ACCOUNT, "config": _CONFIGURATION, "ingress": _INGRESS}


def chart(chance: Random, folder: str) -> Iterator[File]:
    """A chart with two images, in two keys and in one; a template uses both."""
    app = name(chance)
    about = f"apiVersion: v2\nname: {app}\nversion: {tag(chance)}\ndescription: {app} chart\n"
    yield File(f"{folder}/Chart.yaml", about)
    yield File(f"{folder}/values.yaml", _values(chance), 2)
    yield File(f"{folder}/templates/_helpers.tpl", _HELPERS.format(app=app))
    yield File(f"{folder}/templates/deployment.yaml", _WORKLOAD.format(app=app), 2)
    for called, template in _OTHERS.items():
        yield File(f"{folder}/templates/{called}.yaml", template.format(app=app))


def _values(chance: Random) -> str:
    options = "".join(
        f"## {sentence(chance, 12)}\n##\n{name(chance)}{number}:\n  enabled: false\n  name: ''\n"
        for number in range(chance.randint(2, 60))
    )
    return (
        f"enabled: true\nreplicas: 1\nannotations: {{}}\n"
        f"image:\n  repository: {repository(chance)}\n  tag: {tag(chance)}\n"
        f"  pullPolicy: IfNotPresent\n"
        f"sidecar:\n  image: {repository(chance)}:{tag(chance)}\n"
        f"resources: {{}}\nservice:\n  type: ClusterIP\n  port: 80\n"
        f"account:\n  create: true\nhosts: [www.example.com]\noptions: {{}}\n{options}"
    )
