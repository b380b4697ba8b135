"""Measures how many clicks the tutorial's program loses on its own SQLite file.

    pip install flask-sqlalchemy
    python3 benches/tutorial.py

Its server answers 800 requests of 8 clients, each of which adds one to the score of one user. With a
path, it uses this file, on which `clickoff guard install` may have been run.
"""

import http.client
import sys
import tempfile
import threading
from pathlib import Path

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from werkzeug.serving import WSGIRequestHandler, make_server

CLIENTS, REQUESTS = 8, 100

path = sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp() + "/project.db"
app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{Path(path).resolve()}"
db = SQLAlchemy(app)


class User(db.Model):
    __tablename__ = "users"
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(100))
    email = db.Column(db.String(100))
    score = db.Column(db.Integer)


@app.post("/click/<int:user_id>")
def click(user_id):
    user = db.session.query(User).filter_by(id=user_id).with_for_update().one()
    user.score += 1
    db.session.commit()
    return "saved"


class Silent(WSGIRequestHandler):
    def log_request(self, *_):
        pass


answers = []


def clicks(port, user_id):
    for _ in range(REQUESTS):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("POST", f"/click/{user_id}")
        answers.append(connection.getresponse().status)
        connection.close()


with app.app_context():
    db.create_all()
    user = User(name="Ada", score=0)
    db.session.add(user)
    db.session.commit()
    user_id = user.id
server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
threading.Thread(target=server.serve_forever, daemon=True).start()
clients = [threading.Thread(target=clicks, args=(server.port, user_id)) for _ in range(CLIENTS)]
for client in clients:
    client.start()
for client in clients:
    client.join()
with app.app_context():
    score = db.session.get(User, user_id).score
saved = answers.count(200)
lost = saved - score
print(f"{saved} of {len(answers)} requests were answered 200 OK, {lost} clicks were lost: {lost / saved:.0%}")
