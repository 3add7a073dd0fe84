# The service in an image. Dependencies come from the lock files, whose hashes pip verifies; no
# secret and no site file is ever copied in (see .dockerignore and compose.production.yml).

FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1
WORKDIR /app
RUN python -m venv /opt/hcc-cds
COPY requirements.lock requirements-build.lock ./
RUN /opt/hcc-cds/bin/python -m pip install --require-hashes \
    -r requirements.lock -r requirements-build.lock
COPY setup.cfg pyproject.toml README.md LICENSE NOTICE ./
COPY cds_service cds_service
COPY fhir_access fhir_access
COPY fhir_mappings fhir_mappings
COPY hcc_pathway hcc_pathway
COPY hooks hooks
COPY smart_app smart_app
COPY samples samples
# Editable, as in a checkout: the sample patients of the demo mode stay beside the packages.
RUN /opt/hcc-cds/bin/python -m pip install --no-deps --no-build-isolation --editable . \
    && /opt/hcc-cds/bin/python -m compileall -q /app /opt/hcc-cds/lib

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/hcc-cds --create-home hcc-cds
COPY --from=build /opt/hcc-cds /opt/hcc-cds
COPY --from=build /app /app
ENV PATH=/opt/hcc-cds/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HCC_CDS_BIND=0.0.0.0:8000
WORKDIR /var/lib/hcc-cds
USER hcc-cds
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/ready', timeout=2)"]
CMD ["hcc-cds", "serve"]
