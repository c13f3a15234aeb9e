"""PostgreSQL and Valkey from wheels, for machines without servers. Used only where DATABASE_URL or REDIS_URL is unset.

docs/decisions/0002-embedded-services.md tells why it is made this way.
"""
