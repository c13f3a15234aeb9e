from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from generation.contracts import EngineError
from generation.lifecycle import IllegalMove
from generation.models import ModelVersion
from generation.services import releases


class Command(BaseCommand):
    help = "Put a model version to work: a registered one, a new folder, or the one that was active before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=[ModelVersion.Kind.GENERATOR, ModelVersion.Kind.REWARD])
        parser.add_argument("variant")
        chosen = parser.add_mutually_exclusive_group(required=True)
        chosen.add_argument("--number", type=int, help="the number of a registered version")
        chosen.add_argument("--folder", help="register this folder (below the models folder) and activate it")
        chosen.add_argument("--back", action="store_true", help="the version that was active before")
        parser.add_argument("--engine", help="with --folder: the key of the engine that loads it")
        parser.add_argument("--name", help="with --folder: what people call it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            version = self.activate(options)
        except ModelVersion.DoesNotExist as error:
            raise CommandError("There is no version with this number.") from error
        except (EngineError, IllegalMove, releases.VersionRefused) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{version} works for {version.kind} {version.variant} now.")

    def activate(self, options: dict[str, Any]) -> ModelVersion:
        kind, variant = options["kind"], options["variant"]
        if options["back"]:
            return releases.roll_back(kind, variant, None)
        if options["folder"]:
            if not options["engine"]:
                raise CommandError("Say which engine loads it: --engine.")
            version = releases.register_version(
                kind=kind, variant=variant, engine=options["engine"], folder=options["folder"],
                name=options["name"] or options["folder"],
            )  # fmt: skip
        else:
            version = ModelVersion.objects.get(kind=kind, variant=variant, number=options["number"])
        releases.activate_version(version, None)
        return version
