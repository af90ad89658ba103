FROM nginx:1.27 AS a
COPY --from=busybox \
  /x /y
