"""What a run knows: all that boltseal does, as the configuration and the options shape it."""

from collections.abc import Sequence

from boltseal.config import Configs
from boltseal.engine import Knowledge
from boltseal_rules.knowledge import UNPARSABLE, checks, is_barren, places


def repertoire(
    enable: Sequence[str] = (), disable: Sequence[str] = (), *, asked: bool = False
) -> Knowledge:
    """The knowledge for a run in the current folder; places are enabled and disabled by name.

    ``asked`` tells that registries are: what they answer is judged then, too.
    Raises UsageError for a name that is no place, and for a configuration that cannot be read.
    """
    config = Configs().of(".").config
    config = config._replace(
        enable_places=(*config.enable_places, *enable),
        disable_places=(*config.disable_places, *disable),
    )
    silenced = frozenset(config.disable_places)
    return Knowledge(places(config), checks(asked=asked), UNPARSABLE, silenced, is_barren)
