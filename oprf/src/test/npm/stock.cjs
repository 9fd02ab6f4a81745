// The stock client (and server) of @serenity-kit/opaque, unmodified, driven by a test: one call a line on standard
// input, its results a line on standard output, values in base64url as the library gives them. Told nothing but the
// password: no key stretching, no identifiers, so that what is spoken is the library's own choice.
const opaque = require("@serenity-kit/opaque");
const text = (base64url) => Buffer.from(base64url, "base64url").toString("utf8");

const calls = {
  startRegistration(password) {
    const r = opaque.client.startRegistration({ password: text(password) });
    return [r.clientRegistrationState, r.registrationRequest];
  },
  finishRegistration(password, clientRegistrationState, registrationResponse) {
    const r = opaque.client.finishRegistration({ password: text(password), clientRegistrationState, registrationResponse });
    return [r.registrationRecord, r.exportKey, r.serverStaticPublicKey];
  },
  startLogin(password) {
    const r = opaque.client.startLogin({ password: text(password) });
    return [r.clientLoginState, r.startLoginRequest];
  },
  finishLogin(password, clientLoginState, loginResponse) {
    const r = opaque.client.finishLogin({ password: text(password), clientLoginState, loginResponse });
    return r ? [r.finishLoginRequest, r.sessionKey, r.exportKey] : ["refused"];
  },
  createSetup() {
    return [opaque.server.createSetup()];
  },
  createRegistrationResponse(serverSetup, userIdentifier, registrationRequest) {
    return [opaque.server.createRegistrationResponse({ serverSetup, userIdentifier, registrationRequest }).registrationResponse];
  },
  answerLogin(serverSetup, userIdentifier, registrationRecord, startLoginRequest) {
    const r = opaque.server.startLogin({ serverSetup, userIdentifier, registrationRecord, startLoginRequest });
    return [r.serverLoginState, r.loginResponse];
  },
  endLogin(serverLoginState, finishLoginRequest) {
    return [opaque.server.finishLogin({ serverLoginState, finishLoginRequest }).sessionKey];
  },
};

opaque.ready.then(() => {
  require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
    const [name, ...values] = line.split(" ");
    try {
      console.log(calls[name](...values).join(" "));
    } catch (failure) {
      console.log("failed " + String(failure).replaceAll("\n", " "));
    }
  });
});
