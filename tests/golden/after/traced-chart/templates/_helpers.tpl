{{- define "traced.image" -}}
{{- $tag := .image.tag | default .root.Chart.AppVersion -}}
{{- if .image.registry -}}
{{ printf "%s/%s:%s" .image.registry .image.repository $tag }}
{{- else -}}
{{ .image.repository }}:{{ $tag }}
{{- end -}}
{{- end -}}
{{- define "traced.labels" -}}
app.kubernetes.io/version: {{ .Values.exporter.tag | quote }}
{{- end -}}
