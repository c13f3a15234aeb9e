# Canvas Review in two targets with the same code: `cpu` (web, worker-cpu, relay, beat) and `cuda` (worker-gpu).
#
#   docker build --target cpu --build-arg PIP_EXTRA_INDEX_URL=ADDRESS --tag canvas-review:cpu .
#   docker build --target cuda --tag canvas-review:cuda .
#
# PIP_INDEX_URL sends pip to another package index, for both targets. PIP_EXTRA_INDEX_URL is read by `cpu` alone: the
# address of an index that has PyTorch's CPU wheels (its installation page names one). Without it pip may find only the
# CUDA build, which also runs without a card but is several gigabytes larger; the build then says so.

# --- an environment with the locked packages; pip stays behind in this stage
FROM python:3.11-slim-bookworm AS builder
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
ARG PIP_INDEX_URL
RUN python -m venv --without-pip /venv
COPY requirements.txt /build/requirements.txt

FROM builder AS builder-cpu
ARG PIP_EXTRA_INDEX_URL
RUN python -m pip --python /venv/bin/python install --requirement /build/requirements.txt
RUN /venv/bin/python -c "import torch; print('NOTE: this is the CUDA build of torch' if torch.version.cuda else 'CPU torch')"

# On x86_64 the default build of torch brings its own CUDA libraries; the host needs only the driver.
FROM builder AS builder-cuda
RUN python -m pip --python /venv/bin/python install --requirement /build/requirements.txt
RUN /venv/bin/python -c "import sys, torch; torch.version.cuda or sys.exit('this index has no CUDA build of torch')"

# --- what both targets share: the code, owned by root, and an account that may write to /data alone
FROM python:3.11-slim-bookworm AS runtime
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 CANVAS_ENV=production CANVAS_DATA_DIR=/data
RUN groupadd --gid 10001 canvas \
    && useradd --uid 10001 --gid canvas --create-home canvas \
    && install --directory --owner=canvas --group=canvas --mode=0700 /data /data/run
WORKDIR /app
COPY manage.py ./
COPY accounts/ accounts/
COPY canvas_review/ canvas_review/
COPY delivery/ delivery/
COPY generation/ generation/
COPY locale/ locale/
COPY reviews/ reviews/
COPY static/ static/
COPY templates/ templates/
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 CMD ["python", "-m", "canvas_review.probe", "web"]
CMD ["python", "-m", "gunicorn", "canvas_review.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket", "--timeout", "60", "--graceful-timeout", "5", "--keep-alive", "15", "--access-logfile", "-"]

# Collecting needs settings, and settings need secrets: these are worth nothing and live for one command.
FROM runtime AS cpu
COPY --from=builder-cpu /venv /venv
RUN SECRET_KEY=unused CANVAS_FILE_NAME_SECRET=unused DATABASE_URL=postgres:///unused REDIS_URL=redis://unused \
    python manage.py collectstatic --noinput --ignore 'redoc*' --ignore django_htmx
USER canvas

FROM runtime AS cuda
ENV NVIDIA_DRIVER_CAPABILITIES=compute,utility
COPY --from=builder-cuda /venv /venv
RUN SECRET_KEY=unused CANVAS_FILE_NAME_SECRET=unused DATABASE_URL=postgres:///unused REDIS_URL=redis://unused \
    python manage.py collectstatic --noinput --ignore 'redoc*' --ignore django_htmx
USER canvas
