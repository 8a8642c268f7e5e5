"""Amazon S3 and what speaks like it, by boto3 (extra ``s3``)."""
