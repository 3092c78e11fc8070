# SPDX-License-Identifier: GPL-3.0-or-later
"""A millraced that only answers: 'serve' listens as MILLRACE_ROLE on MILLRACE_LISTEN, 'init' writes a line.

FAKE_LOSS: events that the ledger says are lost; FAKE_STUCK: events that are never stored; FAKE_TOKEN: what it wants to see;
FAKE_BUSY: a burst is answered by 409. The producer sends 1,000 events for each burst, at once.
"""
import json
import os
import signal
import socketserver
import sys
import urllib.parse
from http.server import BaseHTTPRequestHandler

role = os.environ.get("MILLRACE_ROLE", "gateway")
state = os.environ.get("FAKE_STATE", "")  # a file that producer and gateway share: how many events were sent
names = {
    "producer": ["load_generator_logs_generated_total", "kafka_producer_send_success_total", "kafka_producer_send_failure_total",
                 'kafka_producer_send_time_seconds_bucket{le="1"}'],
    "consumer": ["log_processed_count_total", "log_processing_errors_total", 'log_processing_time_bucket{le="1"}',
                 'log_processing_time_seconds_bucket{le="1"}'],
    "gateway": ['millrace_build_info{role="gateway"}', "millrace_backlog_events"],
}


def sent():
    return int(open(state, encoding="ascii").read() or 0) if state and os.path.exists(state) else 0


def summary():
    stuck = int(os.environ.get("FAKE_STUCK", "0")) if sent() > 0 else 0
    lost = int(os.environ.get("FAKE_LOSS", "0"))
    latency = {"p50": 4.125, "p95": 9.5, "p99": 12.75, "p99.9": 31.0, "count": sent()}
    return {
        "status": "UP",
        "producer": {"generated": sent(), "acked": sent(), "failed": 0, "rate": 1000.0},
        "consumer": {"processed": sent() - stuck - 1, "stored": sent() - stuck - 1, "duplicates": 0, "deadLettered": 1, "rate": 1000.0},
        "ledger": {"acked": sent(), "stored": sent() - stuck, "lost": lost, "doubled": 0, "backlog": stuck},
        "latency": {"processing": latency, "end_to_end": latency},
    }


class Server(socketserver.ThreadingTCPServer):  # http.server's asks for the machine's name first, which may take long
    allow_reuse_address = True
    daemon_threads = True


class Role(BaseHTTPRequestHandler):
    def answer(self, status, body):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body.encode())

    def allowed(self, path):
        token = os.environ.get("FAKE_TOKEN", "")
        return not token or path.startswith("/actuator/health") or self.headers["Authorization"] == "Bearer " + token

    def do_GET(self):
        path = urllib.parse.urlsplit(self.path).path
        if not self.allowed(path):
            return self.answer(401, '{"title": "token"}')
        if path == "/actuator/prometheus":
            return self.answer(200, "".join(name + " 1\n" for name in names[role]))
        known = {"/actuator/health": {"status": "UP"}, "/actuator/health/readiness": {"status": "UP"}, "/actuator/metrics": {"names": []}}
        if role == "producer":
            known["/api/load/stats"] = {"totalGenerated": sent(), "acked": sent(), "failed": 0, "rate": 1000.5, "targetRate": 1000,
                                        "status": "running"}
        if role == "consumer":
            known["/actuator/metrics/log.processing.time"] = {"name": "log.processing.time"}
        if role == "gateway":
            known.update({"/api/metrics/summary": summary(), "/api/metrics/throughput": {}, "/api/metrics/latency": {"latency": summary()["latency"]}, "/api/logs": []})
        if path not in known:
            return self.answer(404, '{"title": "no such path"}')
        return self.answer(200, json.dumps(known[path]))

    def do_POST(self):
        path = urllib.parse.urlsplit(self.path).path
        if not self.allowed(path):
            return self.answer(401, '{"title": "token"}')
        if role != "producer" or path != "/api/load/burst" or self.headers["Content-Type"]:
            return self.answer(400, '{"title": "not so"}')
        if os.environ.get("FAKE_BUSY"):
            return self.answer(409, '{"title": "a burst is on already"}')
        with open(state + ".new", "w", encoding="ascii") as file:
            file.write(str(sent() + 1000))
        os.replace(state + ".new", state)
        return self.answer(200, '{"status": "started", "duration": "1 seconds"}')

    def log_message(self, *_):
        pass


if sys.argv[1:2] == ["init"]:
    print("created", os.environ["MILLRACE_STORE"])
elif sys.argv[1:2] == ["serve"]:
    host, port = os.environ["MILLRACE_LISTEN"].split(":")
    print(sorted(f"{key}={value}" for key, value in os.environ.items() if key.startswith("MILLRACE_")), flush=True)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    Server((host, int(port)), Role).serve_forever()
else:
    sys.exit(2)
