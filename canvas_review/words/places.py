"""Where the texts of each language lie."""

from pathlib import Path

from django.conf import settings


def translated_languages() -> list[str]:
    """Every language of the settings but the one the sources are written in."""
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def po_file(language: str, domain: str) -> Path:
    """The catalogue that people edit."""
    return Path(settings.LOCALE_PATHS[0], language, "LC_MESSAGES", f"{domain}.po")


def mo_file(language: str) -> Path:
    """What gettext reads on the server's side."""
    return po_file(language, "django").with_suffix(".mo")


def script_name(language: str) -> str:
    """The static file with the browser's texts; the name that `static` takes."""
    return f"words/{language}.js"


def script_file(language: str) -> Path:
    return Path(settings.BASE_DIR, "static", script_name(language))
