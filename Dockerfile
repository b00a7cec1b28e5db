# Builds in one stage, runs in another: what only the build needs stays behind.
# The Python is the release that every check runs on.

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build

COPY requirements.lock ./
RUN python -m venv /opt/taf \
    && /opt/taf/bin/python -m pip install -qq --require-hashes -r requirements.lock

# The pages' styles and script, with a Node.js from the lock in an environment of its own.
COPY bot/web/package.json bot/web/package-lock.json bot/web/.npmrc bot/web/node-requirements.lock \
    bot/web/build-assets.sh bot/web/
RUN python -m venv /build/node && bot/web/build-assets.sh /build/node/bin/python

COPY pyproject.toml README.md LICENSE app.yaml ./
COPY bot bot
COPY workflows workflows
COPY storage storage
COPY messages messages
RUN /opt/taf/bin/python -m pip install -qq --no-deps --no-build-isolation .


FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/taf --create-home taf
COPY --from=build /opt/taf /opt/taf
ENV PATH=/opt/taf/bin:$PATH PYTHONDONTWRITEBYTECODE=1
USER 10001
# Where a database file goes, when no DATABASE_URL names a PostgreSQL: mount a volume here.
WORKDIR /var/lib/taf
EXPOSE 8000
ENTRYPOINT ["taf"]
CMD ["serve", "--host", "0.0.0.0"]
