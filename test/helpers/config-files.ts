/** Files of all common kinds, by name. */
export const configFiles: Record<string, string> = {
  plant: `mqtt:
  broker: "broker.example.com"
  port: 1883
  keepalive: 60
  client_id: "plant_gateway"
  reconnect_retries: 5
  reconnect_delay: 5

subscriptions:
  - topic: "hall/+/temperature"
    pipeline: "temperature"
    qos: 1
    execution_mode: "async"
  - topic: "hall/+/alarm"
    pipeline: "alarm"
    qos: 2
    execution_mode: "sync"

job_queue:
  enabled: true
  type: "rq"
  redis_url: "redis://localhost:6379"
  queue_name: "mqtt_pipelines"
  worker_count: 4

base_dir: "/srv/flowerpower"
log_level: "INFO"
`,
  formats: `subscriptions:
  - {topic: "a/json", pipeline: "p", deserialization_format: "json"}
  - {topic: "a/yaml", pipeline: "p", deserialization_format: "yaml"}
  - {topic: "a/msgpack", pipeline: "p", deserialization_format: "msgpack"}
  - {topic: "a/pickle", pipeline: "p", deserialization_format: "pickle"}
  - {topic: "a/pyarrow", pipeline: "p", deserialization_format: "pyarrow"}
  - {topic: "a/auto", pipeline: "p", deserialization_format: "auto"}
`,
  'queue without a type': `mqtt:
  broker: "localhost"
  port: 1883
subscriptions:
  - topic: "device/+/status"
    pipeline: "status"
    qos: 0
    execution_mode: "sync"
  - topic: "alerts/high"
    pipeline: "notify"
    qos: 1
    execution_mode: "async"
job_queue:
  enabled: true
  redis_url: "redis://localhost:6379"
  queue_name: "mqtt_jobs"
base_dir: "/srv/project" # comments stay out
`,
  'a login': `mqtt:
  broker: "broker.example.com"
  username: "me"
  password: "secret"
subscriptions:
  - topic: "a"
    pipeline: "p"
job_queue: {enabled: true, type: "rq", redis_url: "redis://:other@localhost:6379/0", max_retries: 3}
`,
  'subscriptions only': `subscriptions:
  - topic: "sensors/+/data"
    pipeline: "sensor"
    qos: 1
    execution_mode: "async"
`,
  'a broker only': 'mqtt:\n  broker: "broker.example.com"\n  reconnect_retries: 10\n  reconnect_delay: 5\n',
  'a queue only': `job_queue:
  enabled: true
  type: "rq"
  redis_url: "redis://localhost:6379"
  queue_name: "mqtt_pipelines"
  worker_count: 4
  max_retries: 3
`,
  'python workers': `subscriptions:
  - topic: "hall/+/temperature"
    pipeline: "temperature"
    qos: 2
    execution_mode: "async"
job_queue:
  enabled: true
  type: "rq"
  workers: "python"
  redis_url: "redis://cache.example.com:6379"
  queue_name: "mqtt_pipelines"
  worker_count: 8
  max_retries: 0
  timeout: 180
  function: "plant.jobs.run"
  serializer: "json"
  result_ttl: 3600
  failure_ttl: -1
base_dir: "/srv/flowerpower"
`,
  'every option': `mqtt:
  broker: "mqtts://broker.example.com"
  port: 8883
  keepalive: 30
  client_id: "\${GATEWAY}"
  clean_session: false
  session_expiry: 86400
  username: "\${MQTT_USER}"
  password: "\${MQTT_PASSWORD}"
  reconnect_retries: 0
  reconnect_delay: 0.5
  protocol: 5
  window: 100
  qos0_buffer: 50
  qos0_drop: "newest"
  tls_ca: "/etc/ssl/ca.pem"
  tls_cert: "/etc/ssl/own.pem"
  tls_key: "/etc/ssl/own.key"
  tls_servername: "broker"
  tls_verify: false
subscriptions:
  - topic: "$share/gateways/a/#"
    pipeline: "p"
    qos: 2
    execution_mode: "mixed"
    deserialization_format: "text"
    wrap_payload: false
    max_payload: 64
  - topic: "b"
    pipeline: "p"
    deserialization_format: "protobuf"
    proto_file: "plant.proto"
    proto_message: "plant.Reading"
job_queue:
  enabled: true
  type: "bullmq"
  store: "postgres"
  postgres_url: "postgres://db.example.com:5432/jobs"
  username: "jobs"
  password: "secret"
  schema: "plant"
  prefix: "plant"
  directory: "queue"
  redis_url: "rediss://cache.example.com"
  queue_name: "plant.jobs"
  worker_count: 16
  max_retries: 0
  backoff: "fixed"
  backoff_delay: 2.5
  backoff_max: 600
  keep_completed: 10
  keep_failed: 10
  sidebar_read_only: true
  timeout: 60
  workers: "node-red"
  function: "plant.jobs.run"
  serializer: "json"
  result_ttl: 60
  failure_ttl: 3600
base_dir: "\${PIPELINES}"
log_level: "WARNING"
python: ".venv/bin/python"
python_processes: 8
javascript_processes: 1
timeout: 30
memory: 1024
`,
};

/** A file with every kind of mistake. */
export const wrongFile = `mqtt:
  broker: "http://h"
  port: 99999
  clean_session: yes
  clientid: "x"
subscriptions:
  - topic: "a/#/b"
    pipeline: "p"
    qos: 3
  - topic: 5
job_queue:
  enabled: true
  redis_url: "localhost"
  worker_count: "4"
log_level: "LOUD"
bas_dir: "."
`;
