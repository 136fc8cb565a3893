# One image for every process of Holdfast: `holdfast api` by default, `holdfast agent` and `holdfast worker` on hosts.
# The API runs as an unprivileged user. An agent needs /dev/kvm and a state directory of its own; for VMs with NICs also
# the host's network and what it takes to change it:
#   docker run --user root --device /dev/kvm -v /var/lib/holdfast:/var/lib/holdfast \
#     --network host --cap-add NET_ADMIN --device /dev/net/tun --device /dev/vhost-net \
#     IMAGE agent --api URL --state /var/lib/holdfast
FROM node:24-trixie-slim AS build
WORKDIR /opt/holdfast
COPY package.json package-lock.json .npmrc ./
# Not `npm ci`: it wants every platform's optional packages in the lock file. The locked versions and digests are the same.
RUN npm install --no-save
COPY tsconfig.json prisma.config.ts ./
COPY prisma prisma
COPY script script
COPY openapi openapi
COPY src src
RUN script/generate
# Not `npm prune --omit=dev`: an optional peer of a dependency, such as Prisma's CLI, would stay with all it needs.
# What debuggers read of the packages, and Prisma's compilers for other databases, nobody asks for here.
RUN npm pkg delete devDependencies && npm install --no-save \
  && find node_modules -name '*.map' -delete \
  && find node_modules/@prisma/client/runtime -name 'query_compiler_*' ! -name '*postgresql*' -delete

FROM node:24-trixie-slim
# What the agent makes networks with.
RUN apt-get update && apt-get install --yes --no-install-recommends iproute2 nftables && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10001 holdfast \
  && useradd --uid 10001 --gid 10001 --home-dir /var/lib/holdfast --no-create-home --shell /usr/sbin/nologin holdfast \
  && install -d -o 10001 -g 10001 -m 0700 /var/lib/holdfast
WORKDIR /opt/holdfast
COPY LICENSE package.json ./
COPY --from=build /opt/holdfast/node_modules node_modules
COPY --from=build /opt/holdfast/prisma prisma
COPY --from=build /opt/holdfast/openapi openapi
COPY --from=build /opt/holdfast/src src
COPY --from=build /opt/holdfast/dist dist
ENV NODE_ENV=production HOLDFAST_DATA=/var/lib/holdfast HOLDFAST_BIND=0.0.0.0
# By number: Kubernetes cannot tell from a name that it is not root's.
USER 10001:10001
EXPOSE 8080
ENTRYPOINT ["node", "/opt/holdfast/src/cli.ts"]
CMD ["api"]
