-- The file of an installation of the first version: what 'sqlite3 leadersboard.db .dump' printed.
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE jobs (
	job_id VARCHAR(64) NOT NULL, 
	submission_id VARCHAR(64) NOT NULL, 
	user_id VARCHAR(200) NOT NULL, 
	resource_class VARCHAR(64) NOT NULL, 
	benchmark VARCHAR(100), 
	benchmark_version VARCHAR(50), 
	parameters JSON NOT NULL, 
	config JSON NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	stage VARCHAR(16), 
	cell INTEGER, 
	cells INTEGER, 
	attempt INTEGER NOT NULL, 
	max_attempts INTEGER NOT NULL, 
	worker VARCHAR(200), 
	device VARCHAR(50), 
	lease_expires_at DATETIME, 
	cancel_requested_at DATETIME, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	started_at DATETIME, 
	finished_at DATETIME, 
	peak_memory_bytes BIGINT, 
	failure JSON, 
	run_id VARCHAR(64), 
	recorded_at DATETIME, 
	recording_until DATETIME, 
	idempotency_key VARCHAR(200), 
	CONSTRAINT pk_jobs PRIMARY KEY (job_id), 
	CONSTRAINT fk_jobs_submission_id FOREIGN KEY(submission_id) REFERENCES submissions (submission_id), 
	CONSTRAINT uq_jobs_user_id_idempotency_key UNIQUE (user_id, idempotency_key)
);
INSERT INTO "jobs" VALUES('00000000000000000000000000000010','00000000000000000000000000000000','alice','small','tiny','1','{"epochs": 2}','{}','completed',NULL,NULL,NULL,1,3,'host-1','cpu',NULL,NULL,'2026-03-01 09:00:00.000000','2026-03-01 09:00:00.000000','2026-03-01 09:00:00.000000','2026-03-01 09:00:01.000000',5000000000,NULL,'run0','2026-03-01 09:00:06.000000',NULL,'j0');
INSERT INTO "jobs" VALUES('00000000000000000000000000000011','00000000000000000000000000000001','alice','small','tiny','1','{"epochs": 2}','{}','failed',NULL,NULL,NULL,2,3,'host-1','cpu',NULL,NULL,'2026-03-01 09:00:01.000000','2026-03-01 09:00:01.000000','2026-03-01 09:00:01.000000','2026-03-01 09:00:02.000000',5000000000,'{"reason": "timeout", "sentence": "too long", "sentence_ja": "長い", "cell": 3, "error_name": null, "traceback": "t", "hint": null, "hint_ja": null, "peak_memory_bytes": 7}',NULL,NULL,NULL,'j1');
INSERT INTO "jobs" VALUES('00000000000000000000000000000012','00000000000000000000000000000002','alice','small','tiny','1','{"epochs": 2}','{}','pending',NULL,NULL,NULL,0,3,NULL,NULL,NULL,NULL,'2026-03-01 09:00:02.000000','2026-03-01 09:00:02.000000',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'j2');
INSERT INTO "jobs" VALUES('00000000000000000000000000000013','00000000000000000000000000000003','alice','small','tiny','1','{"epochs": 2}','{}','running','executing',2,3,1,3,'host-1','cpu','2026-03-01 09:00:09.000000',NULL,'2026-03-01 09:00:03.000000','2026-03-01 09:00:03.000000','2026-03-01 09:00:03.000000',NULL,5000000000,NULL,NULL,NULL,NULL,'j3');
INSERT INTO "jobs" VALUES('00000000000000000000000000000014','00000000000000000000000000000004','alice','small','tiny','1','{"epochs": 2}','{}','cancelled',NULL,NULL,NULL,0,3,NULL,NULL,NULL,NULL,'2026-03-01 09:00:04.000000','2026-03-01 09:00:04.000000',NULL,'2026-03-01 09:00:05.000000',NULL,NULL,NULL,NULL,NULL,'j4');
CREATE TABLE results (
	job_id VARCHAR(64) NOT NULL, 
	attempt INTEGER NOT NULL, 
	scored JSON NOT NULL, 
	intervals JSON NOT NULL, 
	by_category JSON NOT NULL, 
	reported JSON NOT NULL, 
	reported_params JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_results PRIMARY KEY (job_id), 
	CONSTRAINT fk_results_job_id FOREIGN KEY(job_id) REFERENCES jobs (job_id)
);
INSERT INTO "results" VALUES('00000000000000000000000000000010',1,'{"accuracy": 0.75}','{"accuracy": [0.5, 0.9]}','{"wafer": {"accuracy": 0.75}}','{"loss": 0.1}','{"epochs": "2"}','2026-03-01 09:00:01.000000');
CREATE TABLE submissions (
	submission_id VARCHAR(64) NOT NULL, 
	user_id VARCHAR(200) NOT NULL, 
	created_at DATETIME NOT NULL, 
	entrypoint VARCHAR(200) NOT NULL, 
	config_file VARCHAR(200) NOT NULL, 
	files JSON NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	metadata JSON NOT NULL, 
	parameters JSON, 
	idempotency_key VARCHAR(200), 
	CONSTRAINT pk_submissions PRIMARY KEY (submission_id), 
	CONSTRAINT uq_submissions_user_id_idempotency_key UNIQUE (user_id, idempotency_key)
);
INSERT INTO "submissions" VALUES('00000000000000000000000000000000','alice','2026-03-01 09:00:00.000000','nb.ipynb','config.yaml','[{"name": "nb.ipynb", "size": 3, "sha256": "ab"}]','d0','{"method": "padim", "名前": [1, null]}','[{"name": "epochs", "default": 1, "choices": [1, 2], "help": ""}]','k0');
INSERT INTO "submissions" VALUES('00000000000000000000000000000001','alice','2026-03-01 09:00:01.000000','nb.ipynb','config.yaml','[{"name": "nb.ipynb", "size": 3, "sha256": "ab"}]','d1','{"method": "padim", "名前": [1, null]}',NULL,'k1');
INSERT INTO "submissions" VALUES('00000000000000000000000000000002','alice','2026-03-01 09:00:02.000000','nb.ipynb','config.yaml','[{"name": "nb.ipynb", "size": 3, "sha256": "ab"}]','d2','{"method": "padim", "名前": [1, null]}',NULL,'k2');
INSERT INTO "submissions" VALUES('00000000000000000000000000000003','alice','2026-03-01 09:00:03.000000','nb.ipynb','config.yaml','[{"name": "nb.ipynb", "size": 3, "sha256": "ab"}]','d3','{"method": "padim", "名前": [1, null]}',NULL,'k3');
INSERT INTO "submissions" VALUES('00000000000000000000000000000004','alice','2026-03-01 09:00:04.000000','nb.ipynb','config.yaml','[{"name": "nb.ipynb", "size": 3, "sha256": "ab"}]','d4','{"method": "padim", "名前": [1, null]}',NULL,'k4');
CREATE TABLE users (
	user_id VARCHAR(200) NOT NULL, 
	last_served_at DATETIME, 
	CONSTRAINT pk_users PRIMARY KEY (user_id)
);
INSERT INTO "users" VALUES('alice','2026-03-01 09:00:05.000000');
CREATE INDEX ix_submissions_user_id_created_at ON submissions (user_id, created_at);
CREATE INDEX ix_jobs_benchmark_benchmark_version_status ON jobs (benchmark, benchmark_version, status);
CREATE INDEX ix_jobs_created_at ON jobs (created_at);
CREATE INDEX ix_jobs_status_finished_at ON jobs (status, finished_at);
CREATE INDEX ix_jobs_status_user_id_created_at ON jobs (status, user_id, created_at);
CREATE INDEX ix_jobs_submission_id ON jobs (submission_id);
CREATE INDEX ix_jobs_unrecorded ON jobs (finished_at) WHERE recorded_at IS NULL;
CREATE INDEX ix_jobs_user_id_created_at ON jobs (user_id, created_at);
COMMIT;
