"""Jenkins pipelines."""

from tests.tools import rules, sealed, texts, uses


def test_comments_strings_and_builds_name_nothing() -> None:
    text = (
        "// docker.image('a:1')\n/* agent { docker 'b:1' } */\n"
        "echo \"docker.image('c:1')\"\nx = /docker.image('d:1')/\n"
        "docker.build('app:1').push()\ndocker.image('app:1').inside { }\n"
        "docker.image('out:1').push('latest')\nagent { dockerfile true }\n"
        "image 'not:1'\nfoo(image: 'not:2')\n"
    )
    assert texts("Jenkinsfile", text) == []


def test_both_forms_of_an_agent_are_sealed() -> None:
    text = (
        "pipeline {\r\n  agent { docker { args '-v /a:/a'\r\n image 'é/x'.trim() } }\r\n"
        "  stages { stage('a') { agent { docker \"b:1\" } }\r\n"
        "  stage('c') { agent { docker { image('c:1') } } } }\r\n}"
    )
    assert texts("a/Jenkinsfile.ci", text)[1:] == ["b:1", "c:1"]
    after = text.replace("b:1", "b:1@<docker.io/library/b:1>")
    after = after.replace("c:1", "c:1@<docker.io/library/c:1>")
    assert sealed("a/Jenkinsfile.ci", text) == after


def test_a_registry_around_an_image_stands_before_its_name() -> None:
    text = (
        "docker.withRegistry('https://registry.example.com:5000/', 'key') {\n"
        "  docker.image('a:1').inside { sh 'x' }\n}\ndocker.image('b:1').pull()\n"
        "agent { docker { image 'c:1'\n registryUrl 'https://registry.example.com' } }\n"
    )
    names = [use.image.canonical for use in uses("Jenkinsfile", text) if use.image]
    assert names == [
        "registry.example.com:5000/a:1",
        "docker.io/library/b:1",
        "registry.example.com/c:1",
    ]
    assert "a:1@<registry.example.com:5000/a:1>'" in sealed("Jenkinsfile", text)


def test_a_registry_that_the_script_works_out_is_not_known() -> None:
    text = (
        "docker.withRegistry(url) { }\ndocker.withRegistry(\"$u\") { docker.image('a:1').pull() }\n"
    )
    assert rules("Jenkinsfile", text) == ["unresolvable-reference"]


def test_a_variable_with_one_string_is_followed_and_one_with_two_is_not() -> None:
    text = (
        "def img = 'a/b:1'\nenvironment { TAG = '2' }\nagent { docker { image img } }\n"
        'agent { docker { image "c:${env.TAG}" } }\n'
        "docker.image(other).inside { }\nx = 'd:1'\nx = 'e:1'\ndocker.image(x).pull()\n"
    )
    found = {
        use.text: use.image.canonical if use.image else None for use in uses("Jenkinsfile", text)
    }
    assert found == {
        "a/b:1": "docker.io/a/b:1",
        "c:${env.TAG}": "docker.io/library/c:2",
        "other": None,
        "x": None,
    }
    assert sealed("Jenkinsfile", text) == text.replace("a/b:1", "a/b:1@<docker.io/a/b:1>")


def test_container_templates_and_manifests_are_found() -> None:
    text = (
        "podTemplate(yaml: '''\n  spec:\n    containers:\n    - name: é\n      image: a:1\n''',"
        " containers: [\n  containerTemplate(name: 'x', image: 'b:1', command: 'cat'),\n"
        "  containerTemplate(name: 'y', envVars: [envVar(key: 'k', value: 'v')], image: 'c:1')\n])"
        ' { }\nagent { kubernetes { yaml """\nspec:\n  containers:\n'
        '    - {name: d, image: "d:1"}\n    - {name: e, image: "e:${TAG}"}\n""" } }\n'
        "agent { kubernetes { containerTemplate { name 'f'\n image 'f:1' } } }\n"
    )
    assert texts("vars/build.groovy", text) == ["a:1", "b:1", "c:1", "d:1", "e:${TAG}", "f:1"]
    once = sealed("vars/build.groovy", text)
    assert once.count("@<") == 5
    assert 'e:${TAG}"' in once


def test_a_manifest_with_escapes_is_reported_and_left() -> None:
    text = "agent { kubernetes { yaml 'spec:\\n  containers:\\n  - image: a:1' } }\n"
    assert sealed("Jenkinsfile", text) == text


def test_thousands_of_open_strings_take_no_time() -> None:
    for piece in (
        "'''",
        '"""',
        "'\n",
        "$/",
        "/*",
        "{",
        "docker.image(",
        "docker {",
        "docker.image(x)\n",
        "a = 'b'\n",
    ):
        texts("Jenkinsfile", "agent { docker 'a:1' }\n" + piece * 20000)


def test_an_expression_around_an_image_is_not_a_second_one() -> None:
    text = "docker.image(docker.image('a:1').id)\n"
    assert texts("Jenkinsfile", text) == ["a:1"]
    assert sealed("Jenkinsfile", text).startswith("docker.image(docker.image('a:1@<")
