"""Domains below which names belong to different owners.

A neighbour there is a stranger: 'a.azurecr.io' and 'b.azurecr.io' are as far apart as two domains of
'.com'. What is not listed can be allowed by its user; what is listed by mistake costs a line of
configuration.
"""

# The second level of a country's domain, where names are sold: 'co.uk', 'com.au', 'or.jp'. All that
# is as short counts as well: there are thousands of these ('gv.at', 'k12.tr').
_SECOND_LEVELS = frozenset({"asso", "blogspot", "firm", "govt", "info", "name", "school", "store"})
_SHORT = 3
_COUNTRY = 2

# Hosting: whoever pays gets a name below these, at any depth.
_HOSTING = frozenset(
    {
        # Registries
        "azurecr.cn",
        "azurecr.io",
        "azurecr.us",
        "cloudsmith.io",
        "cr.aliyuncs.com",
        "gcr.io",
        "icr.io",
        "jfrog.io",
        "ocir.io",
        "pkg.dev",
        "scw.cloud",
        # Clouds
        "aliyuncs.com",
        "amazonaws.com",
        "amazonaws.com.cn",
        "amplifyapp.com",
        "appspot.com",
        "awsapprunner.com",
        "azure-api.net",
        "azure.com",
        "azurecontainer.io",
        "azurecontainerapps.io",
        "azureedge.net",
        "azurefd.net",
        "azurestaticapps.net",
        "azurewebsites.net",
        "backblazeb2.com",
        "b-cdn.net",
        "bitbucket.io",
        "cloudapp.net",
        "cloudflare.net",
        "cloudfront.net",
        "cloudfunctions.net",
        "codeberg.page",
        "deno.dev",
        "digitaloceanspaces.com",
        "edgekey.net",
        "elasticbeanstalk.com",
        "fastly.net",
        "fastlylb.net",
        "firebaseapp.com",
        "fly.dev",
        "github.dev",
        "github.io",
        "githubpreview.dev",
        "githubusercontent.com",
        "gitlab.io",
        "gitpod.io",
        "glitch.me",
        "googleapis.com",
        "googleusercontent.com",
        "herokuapp.com",
        "hf.space",
        "koyeb.app",
        "linodeobjects.com",
        "linodeusercontent.com",
        "myqcloud.com",
        "netlify.app",
        "now.sh",
        "on.aws",
        "ondigitalocean.app",
        "onrender.com",
        "openshiftapps.com",
        "oraclecloud.com",
        "oraclecloudapps.com",
        "ovh.net",
        "pages.dev",
        "pythonanywhere.com",
        "r2.dev",
        "railway.app",
        "readthedocs.io",
        "replit.app",
        "replit.dev",
        "rhcloud.com",
        "run.app",
        "sourceforge.io",
        "surge.sh",
        "tencentcloudcr.com",
        "trafficmanager.net",
        "up.railway.app",
        "vercel.app",
        "wasabisys.com",
        "web.app",
        "webflow.io",
        "windows.net",
        "workers.dev",
        "your-server.de",
        "your-storageshare.de",
        # Tunnels and dynamic names
        "duckdns.org",
        "dyndns.org",
        "loca.lt",
        "localtunnel.me",
        "ngrok-free.app",
        "ngrok.app",
        "ngrok.dev",
        "ngrok.io",
        "nip.io",
        "no-ip.org",
        "sslip.io",
        "traefik.me",
        "trycloudflare.com",
        "ts.net",
        "xip.io",
        # Second levels that are sold below other domains
        "br.com",
        "cn.com",
        "co.com",
        "de.com",
        "eu.com",
        "eu.org",
        "gb.com",
        "gb.net",
        "hu.com",
        "jpn.com",
        "mex.com",
        "ru.com",
        "sa.com",
        "se.net",
        "uk.com",
        "uk.net",
        "us.com",
        "us.org",
        "za.com",
    }
)


def is_shared(domain: str) -> bool:
    """Whether names directly below ``domain``, in lower case, may have different owners."""
    labels = domain.split(".")
    if len(labels) < 2:
        return True
    above = (".".join(labels[start:]) for start in range(len(labels) - 1))
    if any(name in _HOSTING for name in above):
        return True
    country = len(labels[-1]) == _COUNTRY
    second = labels[0]
    short = len(second) <= _SHORT or second in _SECOND_LEVELS
    return len(labels) == 2 and country and short
