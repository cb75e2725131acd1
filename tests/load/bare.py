"""The same framework doing nothing: what the API's own work is measured against."""

from typing import Annotated

from fastapi import FastAPI, File, UploadFile
from pydantic import BaseModel

app = FastAPI()


class Body(BaseModel):
    submission_id: str


@app.post("/upload", status_code=201)
def upload(files: Annotated[list[UploadFile], File()]) -> dict[str, int]:
    """Take files and throw them away."""
    return {"bytes": sum(len(file.file.read()) for file in files)}


@app.post("/post", status_code=202)
def post(body: Body) -> dict[str, str]:
    """Answer a JSON body."""
    return {"submission_id": body.submission_id}


@app.get("/get")
def get() -> dict[str, str]:
    """Answer."""
    return {"status": "ok"}
