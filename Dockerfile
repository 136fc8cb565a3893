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
RUN script/generate && npm prune --omit=dev

FROM node:24-trixie-slim
# What the agent makes networks with.
RUN apt-get update && apt-get install --yes --no-install-recommends iproute2 nftables && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /var/lib/holdfast --create-home holdfast
WORKDIR /opt/holdfast
COPY --from=build /opt/holdfast/package.json ./
COPY --from=build /opt/holdfast/node_modules node_modules
COPY --from=build /opt/holdfast/prisma prisma
COPY --from=build /opt/holdfast/openapi openapi
COPY --from=build /opt/holdfast/src src
COPY --from=build /opt/holdfast/dist dist
ENV NODE_ENV=production HOLDFAST_DATA=/var/lib/holdfast HOLDFAST_BIND=0.0.0.0
USER holdfast
EXPOSE 8080
ENTRYPOINT ["node", "/opt/holdfast/src/cli.ts"]
CMD ["api"]
