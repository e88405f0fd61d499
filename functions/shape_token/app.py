"""Cognito's pre-token trigger: an officer's office and everybody's groups travel in the access token."""


def handler(event, context):
    """Pre-token-generation event, version 2 -> the same event with claims added to the access token."""
    attributes = event["request"]["userAttributes"]
    groups = event["request"]["groupConfiguration"].get("groupsToOverride") or []
    claims = {"office": attributes.get("custom:office", "")}
    event["response"]["claimsAndScopeOverrideDetails"] = {
        "accessTokenGeneration": {"claimsToAddOrOverride": claims},
        "groupOverrideDetails": {"groupsToOverride": groups},
    }
    return event
