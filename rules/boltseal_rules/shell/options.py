"""The options of commands that run and pull images: which take a value, and which take none.

By the reference pages of ``docker``, ``docker run``, ``docker pull``, those of Podman and nerdctl,
``kubectl``, ``crane`` and ``skopeo``. Commands of one family are read by one table: an option means
the same in each that has it.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Options(NamedTuple):
    """``valued`` and ``flags`` are options as written, those of one letter with one dash."""

    valued: frozenset[str]
    flags: frozenset[str]


def _options(valued: str, flags: str) -> Options:
    return Options(frozenset(valued.split()), frozenset(flags.split()))


GLOBAL = _options(
    "-H --host -c --context --config -l --log-level --tlscacert --tlscert --tlskey --root --runroot"
    " --storage-driver --storage-opt --cgroup-manager --events-backend -n --namespace --runtime"
    " --runtime-flag --tmpdir --url --identity --connection --conmon --hooks-dir --module"
    " --imagestore --volumepath --ssh --out --network-cmd-path --network-config-dir -a --address"
    " --snapshotter --cni-path --cni-netconfpath --data-root --hosts-dir --registries-conf"
    " --cdi-spec-dir --pull-option",
    "-D --debug --tls --tlsverify -r --remote --noout --syslog --trace --transient-store"
    " --insecure-registry --experimental --debug-full",
)

RUN = _options(
    "--add-host --annotation -a --attach --blkio-weight --blkio-weight-device --cap-add --cap-drop"
    " --cgroup-parent --cgroupns --cidfile --cpu-count --cpu-percent --cpu-period --cpu-quota"
    " --cpu-rt-period --cpu-rt-runtime -c --cpu-shares --cpus --cpuset-cpus --cpuset-mems"
    " --detach-keys --device --device-cgroup-rule --device-read-bps --device-read-iops"
    " --device-write-bps --device-write-iops --dns --dns-option --dns-opt --dns-search --domainname"
    " --entrypoint -e --env --env-file --expose --gpus --group-add --health-cmd --health-interval"
    " --health-retries --health-start-interval --health-start-period --health-timeout -h --hostname"
    " --io-maxbandwidth --io-maxiops --ip --ip6 --ipc --isolation --kernel-memory -l --label"
    " --label-file --link --link-local-ip --log-driver --log-opt --mac-address -m --memory"
    " --memory-reservation --memory-swap --memory-swappiness --mount --name --net --network"
    " --net-alias --network-alias --oom-score-adj --pid --pids-limit --platform -p --publish --pull"
    " --restart --runtime --security-opt --shm-size --stop-signal --stop-timeout --storage-opt"
    " --sysctl --tmpfs --ulimit -u --user --userns --uts -v --volume --volume-driver"
    " --volumes-from -w --workdir"
    # Podman's own
    " --arch --authfile --cert-dir --cgroup-conf --cgroups --chrootdirs --conmon-pidfile --creds"
    " --decryption-key --gidmap --group-entry --health-log-destination --health-max-log-count"
    " --health-max-log-size --health-on-failure --health-startup-cmd --health-startup-interval"
    " --health-startup-retries --health-startup-success --health-startup-timeout --hosts-file"
    " --hostuser --image-volume --init-path --os --passwd-entry --personality --pidfile --pod"
    " --pod-id-file --preserve-fd --preserve-fds --rdt-class --requires --retry --retry-delay"
    " --sdnotify --seccomp-policy --secret --shm-size-systemd --subgidname --subuidname --systemd"
    " --timeout --tz --uidmap --umask --unsetenv --variant --env-merge"
    # nerdctl's own
    " --cosign-key --cosign-certificate-identity --cosign-certificate-oidc-issuer --verify --umask"
    " --label-name --rootfs-propagation --bypass4netns-ignore-subnets",
    "-d --detach --disable-content-trust --help --init -i --interactive --no-healthcheck"
    " --oom-kill-disable --privileged -P --publish-all -q --quiet --read-only --rm --sig-proxy -t"
    " --tty --use-api-socket --env-host --http-proxy --no-hostname --no-hosts --passwd"
    " --read-only-tmpfs --replace --rmi --rootfs --tls-verify --unsetenv-all --insecure-registry",
)

PULL = _options(
    "--platform --creds --arch --os --variant --policy --authfile --decryption-key --retry"
    " --retry-delay --cert-dir --signature-policy --unpack --verify --cosign-key --ipfs-address",
    "-a --all-tags --all-platforms --disable-content-trust -q --quiet --tls-verify --help",
)

CRANE = _options(
    "--platform -c --cache_path --format -j --jobs -o --output",
    "--insecure -v --verbose --allow-nondistributable-artifacts --full-ref --tarball -a --all-tags"
    " -n --no-clobber --annotate-ref",
)

KUBECTL = _options(
    "-n --namespace --context --cluster --kubeconfig -s --server --token --user --as --as-group"
    " --request-timeout -f --filename -l --selector -o --output -k --kustomize --field-manager"
    " -v --profile",
    "",
)

SUDO = frozenset(
    [
        "-u",
        "--user",
        "-g",
        "--group",
        "-h",
        "--host",
        "-p",
        "--prompt",
        "-C",
        "-r",
        "--role",
        "-t",
        "--type",
        "-T",
        "-U",
        "-D",
    ]
)
ENV = frozenset(("-u", "--unset", "-C", "--chdir", "-S"))
TIMEOUT = frozenset(("-k", "--kill-after", "-s", "--signal"))


class Position(NamedTuple):
    """Where the first word behind the options stands; ``unclear`` if an option is not known.

    An option that is not known and has no ``=`` may take the next word or not, so that nothing
    behind it can be told: the position is then that of the option.
    """

    at: int
    unclear: bool = False


def first_operand(words: Sequence[str], at: int, options: Options) -> Position:
    """Where, from ``at`` on, the options end."""
    while at < len(words):
        word = words[at]
        if word == "--":
            return Position(at + 1)
        if not word.startswith("-") or word == "-":
            return Position(at)
        taken = _taken(word, options)
        if taken is None:
            return Position(at, unclear=True)
        at += taken
    return Position(at)


def _taken(word: str, options: Options) -> int | None:
    """How many words an option takes with its value; None where that is not known."""
    name, equals, _ = word.partition("=")
    if word.startswith("--"):
        if equals or name in options.flags:
            return 1
        return 2 if name in options.valued else None
    for index, letter in enumerate(word[1:], 1):
        option = f"-{letter}"
        if option in options.valued:  # the rest of the word is its value, or the next word is
            return 1 if index + 1 < len(word) else 2
        if letter == "=":  # the value of a flag
            return 1
        if option not in options.flags:
            return None
    return 1
