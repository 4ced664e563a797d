// The certified provider, as Pro Santé Connect answers: level eidas1, `iss` in the return, UserInfo plain or signed.
// Its one page asks who is there; it ends with the level that was asked for, which its own development pages never give.
import { Provider } from "oidc-provider";

const { ISSUER, JWKS, RETOUR, SORTIE, SECRET } = process.env;
const client = (client_id, autres) => ({
  client_id,
  client_secret: SECRET,
  redirect_uris: [RETOUR],
  post_logout_redirect_uris: [SORTIE],
  ...autres,
});

const provider = new Provider(ISSUER, {
  jwks: JSON.parse(JWKS),
  clients: [
    client("basique", { token_endpoint_auth_method: "client_secret_basic" }),
    client("poste", { token_endpoint_auth_method: "client_secret_post" }),
    client("signe", { userinfo_signed_response_alg: "RS256" }),
  ],
  acrValues: ["eidas1"],
  scopes: ["openid", "scope_all"],
  claims: { openid: ["sub", "acr"], scope_all: ["given_name", "family_name", "SubjectNameID"] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false }, jwtUserinfo: { enabled: true } },
  interactions: { url: (_, interaction) => `/qui/${interaction.uid}` },
  cookies: { keys: [SECRET] },
  findAccount: (_, sub) => ({
    accountId: sub,
    claims: () => ({ sub, given_name: "Claire", family_name: "Dumas", SubjectNameID: sub }),
  }),
});

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith("/qui/")) return next();
  const { params } = await provider.interactionDetails(ctx.req, ctx.res);
  if (ctx.method === "GET") {
    ctx.body = `<form method="post"><button>Entrer, niveau ${params.acr_values}</button></form>`;
    return;
  }
  const accountId = "899700000001";
  const grant = new provider.Grant({ accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const consent = { grantId: await grant.save() };
  const login = { accountId, acr: params.acr_values, amr: ["e-cps"] };
  ctx.respond = false;
  await provider.interactionFinished(ctx.req, ctx.res, { login, consent });
});

provider.listen(new URL(ISSUER).port, "127.0.0.1", () => console.log("prêt"));
