"""A mail server that misbehaves on purpose, for tests. The recipient's domain says how:

  later.example    451 at RCPT until the message was offered three times
  never.example    550 at RCPT
  content.example  554 after DATA
  cut.example      takes the message, then hangs up without a word; the second time it answers
  slow.example     takes the message, then thinks for --think seconds before it answers, the first time

Every message that it took is one line of JSON in --log, written before the answer.
"""
import argparse
import asyncio
import email.parser
import json
import ssl
import time

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

seen = {}


def times(key):
    seen[key] = seen.get(key, 0) + 1
    return seen[key]


class Handler:
    def __init__(self, options):
        self.log = open(options.log, "a")
        self.options = options

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        domain = address.rpartition("@")[2]
        if domain == "never.example":
            return "550 5.1.1 No such desk"
        if domain == "later.example" and times(address) <= 3:
            return "451 4.7.1 Come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        domain = envelope.rcpt_tos[0].rpartition("@")[2]
        if domain == "content.example":
            return "554 5.6.0 Not like this"
        headers = email.parser.BytesHeaderParser().parsebytes(envelope.original_content)
        took = {
            "id": headers["Message-ID"],
            "to": envelope.rcpt_tos[0],
            "from": envelope.mail_from,
            "at": time.time(),
            "tls": server.transport.get_extra_info("ssl_object") is not None,
            "signed_in": bool(session.authenticated),
        }
        self.log.write(json.dumps(took) + "\n")
        self.log.flush()
        if domain == "cut.example" and times(took["id"]) == 1:
            server.transport.abort()
            return "421 gone"
        if domain == "slow.example" and times(took["id"]) == 1:
            await asyncio.sleep(self.options.think)
        await asyncio.sleep(self.options.delay)
        return "250 2.0.0 Taken"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", required=True)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds between taking a message and saying so")
    parser.add_argument("--think", type=float, default=3.0)
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--implicit", action="store_true", help="TLS from the first byte")
    parser.add_argument("--sign-in", help="name:password")
    options = parser.parse_args()
    tls = None
    if options.cert:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(options.cert, options.key)

    def authenticate(server, session, envelope, mechanism, data):
        given = isinstance(data, LoginPassword) and b"%s:%s" % (data.login, data.password)
        good = given == (options.sign_in or "").encode()
        # What is not handled here the library answers: 535.
        return AuthResult(success=good, handled=good)

    def session():
        wanted = {}
        if options.sign_in:
            wanted = {"authenticator": authenticate, "auth_required": True, "auth_require_tls": not options.implicit}
        if tls and not options.implicit:
            wanted.update(tls_context=tls, require_starttls=True)
        return SMTP(Handler(options), enable_SMTPUTF8=True, hostname="mx.far.example", **wanted)

    async def serve():
        implicit = tls if options.implicit else None
        server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", options.port, ssl=implicit)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(serve())


main()
