"""A deposit with a DOI at a repository that runs InvenioRDM, such as Zenodo (extra ``zenodo``)."""
