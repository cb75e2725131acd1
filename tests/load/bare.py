"""What everything is compared with: the same framework with nothing behind it. `python -m tests.load.bare PORT`."""

import sys
from typing import Annotated, Any

import uvicorn
from fastapi import FastAPI, File, Form, UploadFile
from pydantic import BaseModel

app = FastAPI()


class Body(BaseModel):
    submission_id: str
    config: dict[str, Any]


class Answer(BaseModel):
    status: str


@app.post("/submissions", status_code=201)
def post_submission(files: Annotated[list[UploadFile], File()], entrypoint: Annotated[str, Form()]) -> Answer:
    return Answer(status=str(sum(len(file.file.read()) for file in files)))


@app.post("/jobs", status_code=202)
async def post_job(body: Body) -> Answer:
    return Answer(status=body.submission_id)


@app.get("/jobs/{job_id}/status")
async def get_status(job_id: str) -> Answer:
    return Answer(status=job_id)


@app.get("/healthz")
async def get_healthz() -> Answer:
    return Answer(status="ok")


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
