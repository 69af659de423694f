"""JupyterLab for analysts: nothing is fetched, nothing is sent."""

c = get_config()  # noqa: F821  (given by Jupyter)
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
c.ServerApp.ip = "127.0.0.1"
