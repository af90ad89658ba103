"""Where the objects of widely used operators name images: a table, each row read off a project's CRDs.

Containers of the usual shape are found without a row (``manifest.py``). A row adds keys that are
called otherwise and names that are too short to be known for images by their looks; and it bars
keys that look like images and name something else: what a build pushes, patterns of a policy,
disks. Paths are written as ``paths.py`` reads them, with spaces between.
"""

from collections import defaultdict
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import NamedTuple

from boltseal_rules.kubernetes.kind import ObjectType
from boltseal_rules.kubernetes.path_uses import Paths
from boltseal_rules.kubernetes.paths import compiled


class Row(NamedTuple):
    """Objects by their API group (a glob) and kinds, and the paths in them; see ``Paths``."""

    group: str
    kinds: str
    images: str = ""
    not_images: str = ""
    artifacts: str = ""
    bases: str = ""


_PERCONA_PG = (
    "spec.image spec.initContainer.image spec.instances[*].initContainer.image "
    "spec.backups.pgbackrest.image spec.backups.pgbackrest.initContainer.image "
    "spec.extensions.image spec.logcollector.image spec.pmm.image spec.proxy.pgBouncer.image"
)
_CRUNCHY = (
    "spec.image spec.instrumentation.image spec.backups.pgbackrest.image "
    "spec.monitoring.pgmonitor.exporter.image spec.proxy.pgBouncer.image "
    "spec.userInterface.pgAdmin.image"
)
_REDIS = (
    "spec.kubernetesConfig.image spec.redisExporter.image spec.initContainer.image "
    "spec.sentinel.image spec.sidecars[*].image"
)
_NVIDIA_PARTS = (
    "ccManager dcgm dcgmExporter devicePlugin draDriver gdrcopy gds gfd kataManager "
    "kataSandboxDevicePlugin migManager nodeStatusExporter operator.initContainer "
    "sandboxDevicePlugin toolkit validator vfioManager vfioManager.driverManager "
    "vgpuDeviceManager vgpuManager.driverManager driver.manager"
)
_NVIDIA = " ".join(f"spec.{part}.{{repository,image,version}}" for part in _NVIDIA_PARTS.split())

ROWS = (
    Row(
        "monitoring.coreos.com",
        "Prometheus PrometheusAgent Alertmanager ThanosRuler",
        # 'baseImage', 'tag' and 'sha' are the old form: 'image' wins over them, 'sha' over 'tag'.
        "spec.image spec.thanos.image spec.{baseImage,tag,sha} spec.thanos.{baseImage,tag,sha}",
    ),
    Row("monitoring.grafana.com", "GrafanaAgent", "spec.image spec.configReloaderImage"),
    Row(
        "operator.victoriametrics.com",
        "VMAgent VMAlert VMAlertmanager VMAuth VMSingle",
        "spec.{configReloaderImage,configReloaderImageTag}",
    ),
    Row("postgresql.cnpg.io", "Cluster", "spec.imageName"),
    Row(
        "postgresql.cnpg.io",
        "ImageCatalog ClusterImageCatalog",
        "spec.images[*].image spec.componentImages[*].image",
    ),
    Row("postgresql.cnpg.io", "Pooler", "spec.pgbouncer.image"),
    Row(
        "kafka.strimzi.io",
        "Kafka",
        "spec.kafka.image spec.kafka.brokerRackInitImage spec.zookeeper.image "
        "spec.entityOperator.topicOperator.image spec.entityOperator.userOperator.image "
        "spec.entityOperator.tlsSidecar.image spec.kafkaExporter.image spec.cruiseControl.image "
        "spec.cruiseControl.tlsSidecar.image spec.jmxTrans.image",
    ),
    Row(
        "kafka.strimzi.io",
        "KafkaConnect KafkaMirrorMaker KafkaMirrorMaker2 KafkaBridge",
        "spec.image spec.clientRackInitImage",
        not_images="spec.build.output",
    ),
    Row(
        "*.k8s.elastic.co",
        "Elasticsearch Kibana ApmServer Beat Agent Logstash EnterpriseSearch ElasticMapsServer "
        "AutoOpsAgentPolicy PackageRegistry",
        "spec.image",
    ),
    Row("ray.io", "RayCluster", "spec.autoscalerOptions.image"),
    Row("ray.io", "RayJob", "spec.rayClusterSpec.autoscalerOptions.image"),
    Row("ray.io", "RayService", "spec.rayClusterConfig.autoscalerOptions.image"),
    Row(
        "kubevirt.io",
        "VirtualMachine VirtualMachineInstance VirtualMachineInstanceReplicaSet VirtualMachinePool "
        "KubeVirt",
        "**.containerDisk.image **.kernelBoot.container.image **.source.registry.url "
        "**.sidecarImage",
    ),
    Row("pool.kubevirt.io", "VirtualMachinePool", "**.containerDisk.image **.source.registry.url"),
    Row("cdi.kubevirt.io", "DataVolume DataImportCron VolumeImportSource", "**.registry.url"),
    Row(
        "install.istio.io",
        "IstioOperator",
        bases="spec.{hub,tag} spec.values.global.{hub,tag} spec.components.*.{hub,tag} "
        "spec.components.*[*].{hub,tag}",
    ),
    Row("sailoperator.io", "Istio", bases="spec.values.global.{hub,tag}"),
    Row("extensions.istio.io", "WasmPlugin", artifacts="spec.url"),
    Row("pkg.crossplane.io", "Provider Configuration Function", artifacts="spec.package"),
    Row(
        "pkg.crossplane.io",
        "ProviderRevision ConfigurationRevision FunctionRevision",
        artifacts="spec.image",
    ),
    Row("policies.kubewarden.io", "PolicyServer", "spec.image"),
    Row(
        "policies.kubewarden.io",
        "ClusterAdmissionPolicy AdmissionPolicy",
        artifacts="spec.module",
    ),
    Row(
        "pxc.percona.com",
        "PerconaXtraDBCluster",
        "spec.pxc.image spec.haproxy.image spec.proxysql.image spec.backup.image spec.pmm.image "
        "spec.logcollector.image spec.initImage spec.initContainer.image",
    ),
    Row(
        "psmdb.percona.com",
        "PerconaServerMongoDB",
        "spec.image spec.initImage spec.backup.image spec.pmm.image spec.logcollector.image "
        "spec.search.image",
    ),
    Row("pgv2.percona.com", "PerconaPGCluster", _PERCONA_PG),
    Row(
        "pgv2.percona.com",
        "PerconaPGUpgrade",
        "spec.image spec.toPostgresImage spec.toPgBouncerImage spec.toPgBackRestImage",
    ),
    Row(
        "acid.zalan.do",
        "postgresql",
        "spec.dockerImage spec.connectionPooler.dockerImage spec.sidecars[*].image",
    ),
    Row(
        "acid.zalan.do",
        "OperatorConfiguration",
        "configuration.docker_image configuration.connection_pooler.connection_pooler_image "
        "configuration.logical_backup.logical_backup_docker_image "
        "configuration.scalyr.scalyr_image",
    ),
    Row("postgres-operator.crunchydata.com", "PostgresCluster", _CRUNCHY),
    Row("postgres-operator.crunchydata.com", "PGAdmin", "spec.image spec.instrumentation.image"),
    Row("postgres-operator.crunchydata.com", "PGUpgrade", "spec.image"),
    Row("ceph.rook.io", "CephCluster", "spec.cephVersion.image"),
    Row("ceph.rook.io", "CephCOSIDriver", "spec.image spec.objectProvisionerImage"),
    Row("ceph.rook.io", "CephNFS", "spec.server.image spec.security.sssd.sidecar.image"),
    Row("ceph.rook.io", "CephNVMeOFGateway", "spec.image"),
    Row(
        "opentelemetry.io",
        "OpenTelemetryCollector",
        "spec.image spec.targetAllocator.image",
    ),
    Row("opentelemetry.io", "OpAMPBridge TargetAllocator", "spec.image"),
    Row(
        "opentelemetry.io",
        "Instrumentation",
        "spec.apacheHttpd.image spec.dotnet.image spec.go.image spec.java.image "
        "spec.java.extensions[*].image spec.nginx.image spec.nodejs.image spec.python.image",
    ),
    Row(
        "jaegertracing.io",
        "Jaeger",
        "spec.agent.image spec.allInOne.image spec.collector.image spec.ingester.image "
        "spec.query.image spec.storage.cassandraCreateSchema.image spec.storage.dependencies.image "
        "spec.storage.esIndexCleaner.image spec.storage.esRollover.image "
        "spec.storage.grpcPlugin.image",
    ),
    Row(
        "sparkoperator.k8s.io",
        "SparkApplication SparkConnect",
        "spec.image spec.driver.image spec.executor.image",
    ),
    Row(
        "sparkoperator.k8s.io",
        "ScheduledSparkApplication",
        "spec.template.image spec.template.driver.image spec.template.executor.image",
    ),
    Row("flink.apache.org", "FlinkDeployment", "spec.image"),
    Row("trainer.kubeflow.org", "TrainJob", "spec.trainer.image"),
    Row(
        "serving.kserve.io",
        "InferenceService",
        "spec.predictor.*.image spec.explainer.*.image spec.transformer.*.image "
        "spec.predictor.*.storageUri spec.predictor.storageUris[*].uri",
    ),
    Row("serving.kserve.io", "ClusterStorageContainer", "spec.container.image"),
    Row(
        "rabbitmq.com",
        "RabbitmqCluster",
        "spec.image spec.secretBackend.vault.defaultUserUpdaterImage",
    ),
    Row("minio.min.io", "Tenant", "spec.image spec.kes.image"),
    Row(
        "redis.redis.opstreelabs.in",
        "Redis RedisCluster RedisReplication RedisSentinel",
        _REDIS,
    ),
    Row("caching.internal.knative.dev", "Image", "spec.image"),
    # 'version' takes a tag or a digest, never both; without it the operator's own is added.
    Row(
        "argoproj.io",
        "ArgoCD",
        bases="spec.{image,version} spec.dex.{image,version} spec.sso.dex.{image,version} "
        "spec.redis.{image,version} spec.repo.{image,version} spec.grafana.{image,version} "
        "spec.ha.{redisProxyImage,redisProxyVersion} spec.applicationSet.{image,version} "
        "spec.notifications.{image,version} spec.sso.keycloak.{image,version}",
    ),
    # The operator puts the system of each node behind the driver's version.
    Row("nvidia.com", "ClusterPolicy GPUCluster", _NVIDIA, bases="spec.driver.{image,version}"),
    Row(
        "nvidia.com",
        "NVIDIADriver",
        "spec.manager.{repository,image,version}",
        bases="spec.{image,version}",
    ),
    Row("operators.coreos.com", "CatalogSource", "spec.image"),
    Row(
        "operators.coreos.com",
        "ClusterServiceVersion",
        "spec.relatedImages[*].image metadata.annotations.containerImage",
    ),
    Row(
        "longhorn.io",
        "EngineImage InstanceManager ShareManager BackingImageManager",
        "spec.image",
    ),
    # What follows only looks like images.
    Row("longhorn.io", "Volume Replica Engine", not_images="spec.backingImage"),
    Row(
        "kyverno.io",
        "ClusterPolicy Policy CleanupPolicy ClusterCleanupPolicy PolicyException",
        not_images="spec.rules[*].validate spec.rules[*].match spec.rules[*].exclude "
        "spec.rules[*].preconditions spec.rules[*].context spec.rules[*].verifyImages "
        "spec.match spec.exclude spec.conditions spec.exceptions",
    ),
    Row("policies.kyverno.io", "*", not_images="spec"),
    Row("constraints.gatekeeper.sh", "*", not_images="spec"),
    Row("templates.gatekeeper.sh", "*", not_images="spec"),
    Row("mutations.gatekeeper.sh", "AssignImage", not_images="spec"),
    Row("policy.sigstore.dev", "*", not_images="spec"),
    Row("argocd-image-updater.argoproj.io", "ImageUpdater", not_images="spec"),
    Row("image.toolkit.fluxcd.io", "*", not_images="spec"),
    Row("shipwright.io", "Build BuildRun", not_images="spec.output spec.build.spec.output"),
    Row("kpack.io", "Image Build", not_images="spec.tag spec.tags spec.cache"),
    Row("bootstrap.cluster.x-k8s.io", "KubeadmConfig", not_images="spec.clusterConfiguration"),
    Row(
        "controlplane.cluster.x-k8s.io",
        "KubeadmControlPlane",
        not_images="spec.kubeadmConfigSpec.clusterConfiguration",
    ),
    Row(
        "infrastructure.cluster.x-k8s.io", "OpenStack* AWS* Azure* GCP* VSphere*", not_images="spec"
    ),
    Row("compute.cnrm.cloud.google.com", "*", not_images="spec"),
    Row("container.cnrm.cloud.google.com", "*", not_images="spec"),
    Row("karpenter.k8s.aws", "*", not_images="spec"),
    Row("karpenter.azure.com", "*", not_images="spec"),
    Row("machine.openshift.io", "*", not_images="spec"),
    Row("hive.openshift.io", "ClusterDeployment MachinePool", not_images="spec"),
)


@lru_cache(maxsize=512)
def operator_paths(found: ObjectType) -> Paths | None:
    """The paths of every row for objects of this type; None where there is no row."""
    rows = [
        row
        for row in ROWS
        if fnmatchcase(found.group, row.group)
        and any(fnmatchcase(found.kind, kind) for kind in row.kinds.split())
    ]
    if not rows:
        return None
    columns: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        for name in Paths._fields:
            columns[name] += getattr(row, name).split()
    return Paths(**{name: tuple(map(compiled, texts)) for name, texts in columns.items()})
