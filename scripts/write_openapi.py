"""Write the OpenAPI document of the REST API to ``docs/openapi.json``: ``make openapi``."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "openapi.json"


def main() -> None:
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django
    import orjson
    from django.test import RequestFactory

    django.setup()
    from django_prodev.rest.documentation import SchemaView

    answer = SchemaView.as_view()(RequestFactory().get("/", headers={"accept": "application/json"}))
    answer.render()
    DOCUMENT.write_bytes(
        orjson.dumps(orjson.loads(answer.content), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    )
    print(f"{DOCUMENT.relative_to(ROOT)}: {DOCUMENT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
