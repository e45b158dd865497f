"""The WeChat Official Account side, as the platform contract (part A) describes it."""
