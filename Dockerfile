# regsync in a container, from the package that npm publishes:
#   docker build --build-arg PACKAGE="$(npm pack --silent)" --tag regsync .
# The digest is that of the list of images for all architectures. Dependabot moves it together with the version.
FROM node:24.21.0-bookworm-slim@sha256:d6aa754f16b3197301076f047b5def2f02ea1dbbc2ca920407d46d7ec7f87b20

# `ci plan` compares with the base of a pull request, and `validate` asks git what a checkout leaves out.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates git \
  && rm -rf /var/lib/apt/lists/*

ARG PACKAGE
COPY ${PACKAGE} /tmp/regsync.tgz
RUN npm install --global --offline --no-audit --no-fund /tmp/regsync.tgz \
  && rm /tmp/regsync.tgz \
  && regsync --version

# Whoever runs the container owns the mounted repository, which need not be the user below.
RUN git config --system --add safe.directory '*'

USER node
WORKDIR /repository
ENTRYPOINT ["regsync"]
CMD ["--help"]
