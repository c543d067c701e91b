# How to run it: docs/deploy.md. Without a container engine, .ci/run-as-container does what is written here.

FROM node:26.11.1-bookworm-slim@sha256:86f07bc9c5dce4578cf37e5a418b7bfc7f817cda25cde66e2b66e95ed86c4567 AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY sandbox/package.json sandbox/
RUN npm ci
COPY . .
RUN npm run build

FROM node:26.11.1-bookworm-slim@sha256:86f07bc9c5dce4578cf37e5a418b7bfc7f817cda25cde66e2b66e95ed86c4567
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json ./
COPY sandbox/package.json sandbox/
# A tunnel is for a developer's machine.
RUN npm ci --omit=dev && rm -r node_modules/@ngrok
COPY server server
COPY sandbox sandbox
COPY views views
COPY public public
COPY ui ui
COPY scripts scripts
COPY --from=build /app/dist dist
COPY --from=build /app/sandbox/dist sandbox/dist
RUN install -d -o 1000 -g 1000 data
USER 1000:1000
VOLUME /app/data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["node", "dist/server/commands/check-health.js"]
CMD ["node", "dist/server/main.js"]
