// Written by `npm run generate`. Do not edit.
import type { Operation } from "./operation";

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
export type CompleteEmailAuthenticationStatus =
  | 'COMPLETED'
  | 'INVALID_CODE'
  | 'CODE_EXPIRED'
  | 'IN_USE'
  | 'RATE_LIMITED';

export type CreatePersonalSessionStatus =
  | 'CREATED'
  | 'INCORRECT_PASSWORD'
  | 'INVALID_NAME'
  | 'INVALID_SCOPE'
  | 'INVALID_EXPIRY'
  /** Others have to be revoked first, or sessions ended. */
  | 'TOO_MANY'
  | 'DENIED';

/** Bounds on when something was last active. What has never been active matches no bound. */
export type DateFilter = {
  after?: string | null | undefined;
  before?: string | null | undefined;
};

export type DeactivateUserStatus =
  | 'DEACTIVATED'
  | 'INCORRECT_PASSWORD';

export type DeviceType =
  | 'PC'
  | 'MOBILE'
  | 'TABLET'
  | 'UNKNOWN';

export type EndBrowserSessionStatus =
  | 'ENDED'
  | 'NOT_FOUND';

export type EndCompatSessionStatus =
  | 'ENDED'
  | 'NOT_FOUND';

export type EndOAuth2SessionStatus =
  | 'ENDED'
  | 'NOT_FOUND';

export type Oauth2ApplicationType =
  | 'WEB'
  | 'NATIVE';

export type RemoveEmailStatus =
  | 'REMOVED'
  | 'NOT_FOUND'
  | 'INCORRECT_PASSWORD';

export type ResendEmailAuthenticationCodeStatus =
  | 'RESENT'
  | 'COMPLETED'
  | 'RATE_LIMITED';

export type ResendRecoveryEmailStatus =
  | 'SENT'
  | 'NO_SUCH_RECOVERY_TICKET'
  | 'RATE_LIMITED';

export type RevokePersonalSessionStatus =
  | 'REVOKED'
  | 'NOT_FOUND';

/** What a security event tells of. More may come: show unknown ones by their name. Latchkey. */
export type SecurityEventKind =
  | 'ACCOUNT_CREATED'
  | 'SIGNED_IN'
  | 'SIGN_IN_FAILED'
  /** Somebody who was signed in has proven again who they are. */
  | 'REAUTHENTICATED'
  | 'SIGNED_OUT'
  | 'CONSENT_GIVEN'
  | 'CONSENT_REFUSED'
  /** An app was signed in. */
  | 'SESSION_STARTED'
  /** An app was signed out. */
  | 'SESSION_ENDED'
  /** A stolen code or token was noticed, and the session ended for it. */
  | 'REPLAY_DETECTED'
  | 'OTHER_SESSIONS_ENDED'
  | 'PASSWORD_CHANGED'
  /** A password was asked for, to change something, and was wrong. */
  | 'PASSWORD_PROOF_FAILED'
  | 'RECOVERY_STARTED'
  | 'PASSWORD_RECOVERED'
  | 'EMAIL_ADDED'
  | 'EMAIL_REMOVED'
  | 'PERSONAL_TOKEN_CREATED'
  | 'PERSONAL_TOKEN_REVOKED'
  /** A personal access token was replaced by a new one of the same name. */
  | 'PERSONAL_TOKEN_REGENERATED'
  | 'CROSS_SIGNING_RESET_ALLOWED'
  | 'DISPLAY_NAME_CHANGED'
  | 'SESSION_RENAMED'
  | 'DATA_EXPORTED'
  | 'ACCOUNT_LOCKED'
  | 'ACCOUNT_UNLOCKED'
  | 'ACCOUNT_DEACTIVATED'
  | 'ACCOUNT_REACTIVATED'
  | 'OTHER';

export type SessionState =
  | 'ACTIVE'
  | 'FINISHED';

export type SetCompatSessionNameStatus =
  | 'UPDATED'
  | 'NOT_FOUND';

export type SetDisplayNameStatus =
  | 'SET'
  | 'INVALID';

export type SetLanguageStatus =
  | 'SET'
  | 'UNKNOWN_LANGUAGE';

export type SetOAuth2SessionNameStatus =
  | 'UPDATED'
  | 'NOT_FOUND';

export type SetPasswordStatus =
  | 'ALLOWED'
  | 'NOT_FOUND'
  | 'NO_CURRENT_PASSWORD'
  | 'WRONG_PASSWORD'
  | 'INVALID_NEW_PASSWORD'
  | 'NOT_ALLOWED'
  | 'PASSWORD_CHANGES_DISABLED'
  | 'NO_SUCH_RECOVERY_TICKET'
  | 'RECOVERY_TICKET_ALREADY_USED'
  | 'EXPIRED_RECOVERY_TICKET'
  | 'ACCOUNT_LOCKED';

/** The kinds of sign-in. Latchkey. */
export type SignInKind =
  | 'BROWSER'
  | 'APP'
  | 'LEGACY_APP';

export type StartEmailAuthenticationStatus =
  | 'STARTED'
  | 'INVALID_EMAIL_ADDRESS'
  | 'RATE_LIMITED'
  | 'DENIED'
  | 'IN_USE'
  | 'INCORRECT_PASSWORD';

export type UserRecoveryTicketStatus =
  | 'VALID'
  | 'EXPIRED'
  | 'CONSUMED';

export type HomeQueryVariables = Exact<{ [key: string]: never; }>;


export type HomeQuery = { viewer:
    | { __typename: 'User', id: string, emails: { nodes: Array<{ id: string, email: string }> } }
    | { __typename: 'Anonymous' }
   };

export type ProfileQueryVariables = Exact<{ [key: string]: never; }>;


export type ProfileQuery = { viewer:
    | { __typename: 'User', id: string, matrix: { mxid: string, displayName: string | null } }
    | { __typename: 'Anonymous' }
   };

export type SetDisplayNameMutationVariables = Exact<{
  userId: string;
  displayName?: string | null | undefined;
}>;


export type SetDisplayNameMutation = { setDisplayName: { status: SetDisplayNameStatus } };

export type ClientQueryVariables = Exact<{
  id: string;
}>;


export type ClientQuery = { viewer:
    | { __typename: 'User' }
    | { __typename: 'Anonymous' }
  , oauth2Client: { id: string, clientId: string, clientName: string | null, clientUri: string | null, logo: string | null, tosUri: string | null, policyUri: string | null, redirectUris: Array<string> } | null };

export type AllowUserCrossSigningResetMutationVariables = Exact<{
  userId: string;
}>;


export type AllowUserCrossSigningResetMutation = { allowUserCrossSigningReset: { user: { id: string, webAppOrigins: Array<string> } | null } };

export type StartEmailAuthenticationMutationVariables = Exact<{
  email: string;
  password?: string | null | undefined;
  language: string;
}>;


export type StartEmailAuthenticationMutation = { startEmailAuthentication: { status: StartEmailAuthenticationStatus, violations: Array<string> | null, authentication: { id: string } | null } };

export type EmailAuthenticationQueryVariables = Exact<{
  id: string;
}>;


export type EmailAuthenticationQuery = { viewer:
    | { __typename: 'User' }
    | { __typename: 'Anonymous' }
  , userEmailAuthentication: { id: string, email: string, completedAt: string | null } | null };

export type ResendEmailAuthenticationCodeMutationVariables = Exact<{
  id: string;
  language: string;
}>;


export type ResendEmailAuthenticationCodeMutation = { resendEmailAuthenticationCode: { status: ResendEmailAuthenticationCodeStatus } };

export type CompleteEmailAuthenticationMutationVariables = Exact<{
  id: string;
  code: string;
}>;


export type CompleteEmailAuthenticationMutation = { completeEmailAuthentication: { status: CompleteEmailAuthenticationStatus } };

export type RemoveEmailMutationVariables = Exact<{
  id: string;
  password?: string | null | undefined;
}>;


export type RemoveEmailMutation = { removeEmail: { status: RemoveEmailStatus } };

export type FrameQueryVariables = Exact<{ [key: string]: never; }>;


export type FrameQuery = { viewer:
    | { __typename: 'User', id: string, username: string, hasPassword: boolean }
    | { __typename: 'Anonymous' }
  , viewerSession:
    | { __typename: 'BrowserSession', id: string }
    | { __typename: 'Oauth2Session' }
    | { __typename: 'Anonymous' }
  , siteConfig: { serverName: string, serviceName: string, policyUri: string | null, tosUri: string | null, imprint: string | null, passwordLoginEnabled: boolean, passwordChangeAllowed: boolean, minimumPasswordComplexity: number, emailChangeAllowed: boolean, displayNameChangeAllowed: boolean, accountDeactivationAllowed: boolean, planManagementIframeUri: string | null, languages: Array<string>, retention: { inactiveAddresses: number, endedSessions: number, eventAddresses: number, failedSignIns: number | null }, sessionLimit: { softLimit: number, hardLimit: number } | null, personalTokens: { scopes: Array<string>, maxTtl: number | null } | null } };

export type SetLanguageMutationVariables = Exact<{
  language?: string | null | undefined;
}>;


export type SetLanguageMutation = { setLanguage: { status: SetLanguageStatus } };

export type SetPasswordMutationVariables = Exact<{
  userId: string;
  currentPassword?: string | null | undefined;
  newPassword: string;
  endOtherSessions: boolean;
}>;


export type SetPasswordMutation = { setPassword: { status: SetPasswordStatus, ended: { browserSessions: number, appSessions: number } | null } };

export type RecoveryTicketQueryVariables = Exact<{
  ticket: string;
}>;


export type RecoveryTicketQuery = { siteConfig: { serverName: string, serviceName: string, policyUri: string | null, tosUri: string | null, imprint: string | null, minimumPasswordComplexity: number }, userRecoveryTicket: { status: UserRecoveryTicketStatus, username: string, email: string } | null };

export type SetPasswordByRecoveryMutationVariables = Exact<{
  ticket: string;
  newPassword: string;
}>;


export type SetPasswordByRecoveryMutation = { setPasswordByRecovery: { status: SetPasswordStatus } };

export type ResendRecoveryEmailMutationVariables = Exact<{
  ticket: string;
}>;


export type ResendRecoveryEmailMutation = { resendRecoveryEmail: { status: ResendRecoveryEmailStatus, progressUrl: string | null } };

export type TokensInUseQueryVariables = Exact<{ [key: string]: never; }>;


export type TokensInUseQuery = { viewer:
    | { __typename: 'User', personalSessions: { totalCount: number } }
    | { __typename: 'Anonymous' }
   };

export type DeactivateUserMutationVariables = Exact<{
  hsErase: boolean;
  password?: string | null | undefined;
}>;


export type DeactivateUserMutation = { deactivateUser: { status: DeactivateUserStatus } };

export type EventRowFragment = { id: string, createdAt: string, kind: SecurityEventKind, ip: string | null, clientName: string | null, detail: string | null, byAdministrator: boolean, fromThisBrowser: boolean, userAgent: { raw: string, name: string | null, os: string | null, model: string | null, deviceType: DeviceType } | null };

export type SecurityQueryVariables = Exact<{ [key: string]: never; }>;


export type SecurityQuery = { viewer:
    | { __typename: 'User', id: string, personalSessions: { totalCount: number }, securityEvents: { nodes: Array<{ id: string, createdAt: string, kind: SecurityEventKind, ip: string | null, clientName: string | null, detail: string | null, byAdministrator: boolean, fromThisBrowser: boolean, userAgent: { raw: string, name: string | null, os: string | null, model: string | null, deviceType: DeviceType } | null }> } }
    | { __typename: 'Anonymous' }
   };

export type ActivityQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type ActivityQuery = { viewer:
    | { __typename: 'User', id: string, securityEvents: { pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, createdAt: string, kind: SecurityEventKind, ip: string | null, clientName: string | null, detail: string | null, byAdministrator: boolean, fromThisBrowser: boolean, userAgent: { raw: string, name: string | null, os: string | null, model: string | null, deviceType: DeviceType } | null }> } }
    | { __typename: 'Anonymous' }
   };

type SignInRow_BrowserSession_Fragment = { __typename: 'BrowserSession', isCurrent: boolean, id: string, createdAt: string, finishedAt: string | null, state: SessionState, lastActiveAt: string | null, lastActiveIp: string | null, deviceKey: string, userAgent: { raw: string, name: string | null, os: string | null, model: string | null, deviceType: DeviceType } | null };

type SignInRow_CompatSession_Fragment = { __typename: 'CompatSession', deviceId: string | null, humanName: string | null, id: string, createdAt: string, finishedAt: string | null, state: SessionState, lastActiveAt: string | null, lastActiveIp: string | null, deviceKey: string, ssoLogin: { redirectUri: string } | null, userAgent: { raw: string, name: string | null, os: string | null, model: string | null, deviceType: DeviceType } | null };

type SignInRow_Oauth2Session_Fragment = { __typename: 'Oauth2Session', deviceId: string | null, humanName: string | null, id: string, createdAt: string, finishedAt: string | null, state: SessionState, lastActiveAt: string | null, lastActiveIp: string | null, deviceKey: string, client: { id: string, clientId: string, clientName: string | null, clientUri: string | null, logo: string | null, applicationType: Oauth2ApplicationType | null }, userAgent: { raw: string, name: string | null, os: string | null, model: string | null, deviceType: DeviceType } | null };

export type SignInRowFragment =
  | SignInRow_BrowserSession_Fragment
  | SignInRow_CompatSession_Fragment
  | SignInRow_Oauth2Session_Fragment
;

export type SignInsQueryVariables = Exact<{
  search?: string | null | undefined;
  kinds?: Array<SignInKind> | SignInKind | null | undefined;
  lastActive?: DateFilter | null | undefined;
  state: SessionState;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type SignInsQuery = { viewer:
    | { __typename: 'User', id: string, signIns: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<
          | { __typename: 'BrowserSession', isCurrent: boolean, id: string, createdAt: string, finishedAt: string | null, state: SessionState, lastActiveAt: string | null, lastActiveIp: string | null, deviceKey: string, userAgent: { raw: string, name: string | null, os: string | null, model: string | null, deviceType: DeviceType } | null }
          | { __typename: 'CompatSession', deviceId: string | null, humanName: string | null, id: string, createdAt: string, finishedAt: string | null, state: SessionState, lastActiveAt: string | null, lastActiveIp: string | null, deviceKey: string, ssoLogin: { redirectUri: string } | null, userAgent: { raw: string, name: string | null, os: string | null, model: string | null, deviceType: DeviceType } | null }
          | { __typename: 'Oauth2Session', deviceId: string | null, humanName: string | null, id: string, createdAt: string, finishedAt: string | null, state: SessionState, lastActiveAt: string | null, lastActiveIp: string | null, deviceKey: string, client: { id: string, clientId: string, clientName: string | null, clientUri: string | null, logo: string | null, applicationType: Oauth2ApplicationType | null }, userAgent: { raw: string, name: string | null, os: string | null, model: string | null, deviceType: DeviceType } | null }
        > }, everything: { browserSessions: number, appSessions: number }, elsewhere: { browserSessions: number, appSessions: number } }
    | { __typename: 'Anonymous' }
   };

export type SignInQueryVariables = Exact<{
  id: string;
}>;


export type SignInQuery = { viewer:
    | { __typename: 'User' }
    | { __typename: 'Anonymous' }
  , node:
    | { __typename: 'Anonymous' }
    | { __typename: 'Authentication' }
    | { __typename: 'BrowserSession', isCurrent: boolean, id: string, createdAt: string, finishedAt: string | null, state: SessionState, lastActiveAt: string | null, lastActiveIp: string | null, deviceKey: string, appSessions: { totalCount: number }, userAgent: { raw: string, name: string | null, os: string | null, model: string | null, deviceType: DeviceType } | null }
    | { __typename: 'CompatSession', deviceId: string | null, humanName: string | null, id: string, createdAt: string, finishedAt: string | null, state: SessionState, lastActiveAt: string | null, lastActiveIp: string | null, deviceKey: string, browserSession: { id: string, state: SessionState, isCurrent: boolean, userAgent: { raw: string, name: string | null, os: string | null, model: string | null, deviceType: DeviceType } | null } | null, ssoLogin: { redirectUri: string } | null, userAgent: { raw: string, name: string | null, os: string | null, model: string | null, deviceType: DeviceType } | null }
    | { __typename: 'CompatSsoLogin' }
    | { __typename: 'Oauth2Client' }
    | { __typename: 'Oauth2Session', scope: string, deviceId: string | null, humanName: string | null, id: string, createdAt: string, finishedAt: string | null, state: SessionState, lastActiveAt: string | null, lastActiveIp: string | null, deviceKey: string, browserSession: { id: string, state: SessionState, isCurrent: boolean, userAgent: { raw: string, name: string | null, os: string | null, model: string | null, deviceType: DeviceType } | null } | null, client: { id: string, clientId: string, clientName: string | null, clientUri: string | null, logo: string | null, applicationType: Oauth2ApplicationType | null }, userAgent: { raw: string, name: string | null, os: string | null, model: string | null, deviceType: DeviceType } | null }
    | { __typename: 'PersonalSession' }
    | { __typename: 'SecurityEvent' }
    | { __typename: 'SiteConfig' }
    | { __typename: 'UpstreamOAuth2Link' }
    | { __typename: 'UpstreamOAuth2Provider' }
    | { __typename: 'User' }
    | { __typename: 'UserEmail' }
    | { __typename: 'UserEmailAuthentication' }
    | { __typename: 'UserRecoveryTicket' }
   | null };

export type ParentBrowserFragment = { id: string, state: SessionState, isCurrent: boolean, userAgent: { raw: string, name: string | null, os: string | null, model: string | null, deviceType: DeviceType } | null };

export type DeviceQueryVariables = Exact<{
  userId: string;
  deviceId: string;
}>;


export type DeviceQuery = { viewer:
    | { __typename: 'User', personalSessions: { totalCount: number } }
    | { __typename: 'Anonymous' }
  , session:
    | { id: string }
    | { id: string }
   | null };

export type EndBrowserSessionMutationVariables = Exact<{
  id: string;
}>;


export type EndBrowserSessionMutation = { endBrowserSession: { status: EndBrowserSessionStatus } };

export type EndOauth2SessionMutationVariables = Exact<{
  id: string;
}>;


export type EndOauth2SessionMutation = { endOauth2Session: { status: EndOAuth2SessionStatus } };

export type EndCompatSessionMutationVariables = Exact<{
  id: string;
}>;


export type EndCompatSessionMutation = { endCompatSession: { status: EndCompatSessionStatus } };

export type EndOtherSessionsMutationVariables = Exact<{
  keepAppsOfThisBrowser: boolean;
}>;


export type EndOtherSessionsMutation = { endOtherSessions: { ended: { browserSessions: number, appSessions: number } } };

export type SetOauth2SessionNameMutationVariables = Exact<{
  id: string;
  humanName: string;
}>;


export type SetOauth2SessionNameMutation = { setOauth2SessionName: { status: SetOAuth2SessionNameStatus } };

export type SetCompatSessionNameMutationVariables = Exact<{
  id: string;
  humanName: string;
}>;


export type SetCompatSessionNameMutation = { setCompatSessionName: { status: SetCompatSessionNameStatus } };

export type PersonalSessionsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type PersonalSessionsQuery = { viewer:
    | { __typename: 'User', id: string, personalSessions: { pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, createdAt: string, humanName: string, scope: string, state: SessionState, expiresAt: string | null, lastActiveAt: string | null, lastActiveIp: string | null, madeByAdministrator: boolean }> } }
    | { __typename: 'Anonymous' }
   };

export type CreatePersonalSessionMutationVariables = Exact<{
  humanName: string;
  scope: string;
  expiresIn?: number | null | undefined;
  password?: string | null | undefined;
}>;


export type CreatePersonalSessionMutation = { createPersonalSession: { status: CreatePersonalSessionStatus, accessToken: string | null } };

export type RevokePersonalSessionMutationVariables = Exact<{
  id: string;
}>;


export type RevokePersonalSessionMutation = { revokePersonalSession: { status: RevokePersonalSessionStatus } };


export type ErrorCode =
  | "UNAUTHENTICATED"
  | "FORBIDDEN"
  | "BAD_INPUT"
  | "INVALID_ID"
  | "INVALID_CURSOR"
  | "INVALID_PAGE"
  | "TOO_COMPLEX"
  | "RATE_LIMITED"
  | "DISABLED"
  | "CONFLICT"
  | "HOMESERVER_UNAVAILABLE"
  | "INTERNAL";

export const Home: Operation<HomeQuery, HomeQueryVariables> = "query Home{viewer{__typename ...on User{id emails(first:100){nodes{id email}}}}}" as never;

export const Profile: Operation<ProfileQuery, ProfileQueryVariables> = "query Profile{viewer{__typename ...on User{id matrix{mxid displayName}}}}" as never;

export const SetDisplayName: Operation<SetDisplayNameMutation, SetDisplayNameMutationVariables> = "mutation SetDisplayName($userId:ID!$displayName:String){setDisplayName(input:{userId:$userId displayName:$displayName}){status}}" as never;

export const Client: Operation<ClientQuery, ClientQueryVariables> = "query Client($id:ID!){viewer{__typename}oauth2Client(id:$id){id clientId clientName clientUri logo tosUri policyUri redirectUris}}" as never;

export const AllowUserCrossSigningReset: Operation<AllowUserCrossSigningResetMutation, AllowUserCrossSigningResetMutationVariables> = "mutation AllowUserCrossSigningReset($userId:ID!){allowUserCrossSigningReset(input:{userId:$userId}){user{id webAppOrigins}}}" as never;

export const StartEmailAuthentication: Operation<StartEmailAuthenticationMutation, StartEmailAuthenticationMutationVariables> = "mutation StartEmailAuthentication($email:String!$password:String$language:String!){startEmailAuthentication(input:{email:$email password:$password language:$language}){status violations authentication{id}}}" as never;

export const EmailAuthentication: Operation<EmailAuthenticationQuery, EmailAuthenticationQueryVariables> = "query EmailAuthentication($id:ID!){viewer{__typename}userEmailAuthentication(id:$id){id email completedAt}}" as never;

export const ResendEmailAuthenticationCode: Operation<ResendEmailAuthenticationCodeMutation, ResendEmailAuthenticationCodeMutationVariables> = "mutation ResendEmailAuthenticationCode($id:ID!$language:String!){resendEmailAuthenticationCode(input:{id:$id language:$language}){status}}" as never;

export const CompleteEmailAuthentication: Operation<CompleteEmailAuthenticationMutation, CompleteEmailAuthenticationMutationVariables> = "mutation CompleteEmailAuthentication($id:ID!$code:String!){completeEmailAuthentication(input:{id:$id code:$code}){status}}" as never;

export const RemoveEmail: Operation<RemoveEmailMutation, RemoveEmailMutationVariables> = "mutation RemoveEmail($id:ID!$password:String){removeEmail(input:{userEmailId:$id password:$password}){status}}" as never;

export const Frame: Operation<FrameQuery, FrameQueryVariables> = "query Frame{viewer{__typename ...on User{id username hasPassword}}viewerSession{__typename ...on BrowserSession{id}}siteConfig{serverName serviceName policyUri tosUri imprint passwordLoginEnabled passwordChangeAllowed minimumPasswordComplexity emailChangeAllowed displayNameChangeAllowed accountDeactivationAllowed planManagementIframeUri languages retention{inactiveAddresses endedSessions eventAddresses failedSignIns}sessionLimit{softLimit hardLimit}personalTokens{scopes maxTtl}}}" as never;

export const SetLanguage: Operation<SetLanguageMutation, SetLanguageMutationVariables> = "mutation SetLanguage($language:String){setLanguage(input:{language:$language}){status}}" as never;

export const SetPassword: Operation<SetPasswordMutation, SetPasswordMutationVariables> = "mutation SetPassword($userId:ID!$currentPassword:String$newPassword:String!$endOtherSessions:Boolean!){setPassword(input:{userId:$userId currentPassword:$currentPassword newPassword:$newPassword endOtherSessions:$endOtherSessions}){status ended{browserSessions appSessions}}}" as never;

export const RecoveryTicket: Operation<RecoveryTicketQuery, RecoveryTicketQueryVariables> = "query RecoveryTicket($ticket:String!){siteConfig{serverName serviceName policyUri tosUri imprint minimumPasswordComplexity}userRecoveryTicket(ticket:$ticket){status username email}}" as never;

export const SetPasswordByRecovery: Operation<SetPasswordByRecoveryMutation, SetPasswordByRecoveryMutationVariables> = "mutation SetPasswordByRecovery($ticket:String!$newPassword:String!){setPasswordByRecovery(input:{ticket:$ticket newPassword:$newPassword}){status}}" as never;

export const ResendRecoveryEmail: Operation<ResendRecoveryEmailMutation, ResendRecoveryEmailMutationVariables> = "mutation ResendRecoveryEmail($ticket:String!){resendRecoveryEmail(input:{ticket:$ticket}){status progressUrl}}" as never;

export const TokensInUse: Operation<TokensInUseQuery, TokensInUseQueryVariables> = "query TokensInUse{viewer{__typename ...on User{personalSessions(state:ACTIVE first:0){totalCount}}}}" as never;

export const DeactivateUser: Operation<DeactivateUserMutation, DeactivateUserMutationVariables> = "mutation DeactivateUser($hsErase:Boolean!$password:String){deactivateUser(input:{hsErase:$hsErase password:$password}){status}}" as never;

export const Security: Operation<SecurityQuery, SecurityQueryVariables> = "query Security{viewer{__typename ...on User{id personalSessions(first:0 state:ACTIVE){totalCount}securityEvents(first:5){nodes{...EventRow}}}}}fragment EventRow on SecurityEvent{id createdAt kind ip clientName detail byAdministrator fromThisBrowser userAgent{raw name os model deviceType}}" as never;

export const Activity: Operation<ActivityQuery, ActivityQueryVariables> = "query Activity($first:Int$after:String$last:Int$before:String){viewer{__typename ...on User{id securityEvents(first:$first after:$after last:$last before:$before){pageInfo{hasNextPage hasPreviousPage startCursor endCursor}nodes{...EventRow}}}}}fragment EventRow on SecurityEvent{id createdAt kind ip clientName detail byAdministrator fromThisBrowser userAgent{raw name os model deviceType}}" as never;

export const SignIns: Operation<SignInsQuery, SignInsQueryVariables> = "query SignIns($search:String$kinds:[SignInKind!]$lastActive:DateFilter$state:SessionState!$first:Int$after:String$last:Int$before:String){viewer{__typename ...on User{id signIns(search:$search kinds:$kinds lastActive:$lastActive state:$state first:$first after:$after last:$last before:$before){totalCount pageInfo{hasNextPage hasPreviousPage startCursor endCursor}nodes{...SignInRow}}everything:otherSignIns(keepAppsOfThisBrowser:false){browserSessions appSessions}elsewhere:otherSignIns(keepAppsOfThisBrowser:true){browserSessions appSessions}}}}fragment SignInRow on SignIn{__typename id createdAt finishedAt state lastActiveAt lastActiveIp deviceKey userAgent{raw name os model deviceType}...on BrowserSession{isCurrent}...on CompatSession{deviceId humanName ssoLogin{redirectUri}}...on Oauth2Session{deviceId humanName client{id clientId clientName clientUri logo applicationType}}}" as never;

export const SignIn: Operation<SignInQuery, SignInQueryVariables> = "query SignIn($id:ID!){viewer{__typename}node(id:$id){__typename ...on SignIn{...SignInRow}...on Oauth2Session{scope browserSession{...ParentBrowser}}...on CompatSession{browserSession{...ParentBrowser}}...on BrowserSession{appSessions(state:ACTIVE first:0){totalCount}}}}fragment SignInRow on SignIn{__typename id createdAt finishedAt state lastActiveAt lastActiveIp deviceKey userAgent{raw name os model deviceType}...on BrowserSession{isCurrent}...on CompatSession{deviceId humanName ssoLogin{redirectUri}}...on Oauth2Session{deviceId humanName client{id clientId clientName clientUri logo applicationType}}}fragment ParentBrowser on BrowserSession{id state isCurrent userAgent{raw name os model deviceType}}" as never;

export const Device: Operation<DeviceQuery, DeviceQueryVariables> = "query Device($userId:ID!$deviceId:String!){viewer{__typename ...on User{personalSessions(device:$deviceId revoked:false first:0){totalCount}}}session(userId:$userId deviceId:$deviceId){...on CompatSession{id}...on Oauth2Session{id}}}" as never;

export const EndBrowserSession: Operation<EndBrowserSessionMutation, EndBrowserSessionMutationVariables> = "mutation EndBrowserSession($id:ID!){endBrowserSession(input:{browserSessionId:$id}){status}}" as never;

export const EndOauth2Session: Operation<EndOauth2SessionMutation, EndOauth2SessionMutationVariables> = "mutation EndOauth2Session($id:ID!){endOauth2Session(input:{oauth2SessionId:$id}){status}}" as never;

export const EndCompatSession: Operation<EndCompatSessionMutation, EndCompatSessionMutationVariables> = "mutation EndCompatSession($id:ID!){endCompatSession(input:{compatSessionId:$id}){status}}" as never;

export const EndOtherSessions: Operation<EndOtherSessionsMutation, EndOtherSessionsMutationVariables> = "mutation EndOtherSessions($keepAppsOfThisBrowser:Boolean!){endOtherSessions(input:{keepAppsOfThisBrowser:$keepAppsOfThisBrowser}){ended{browserSessions appSessions}}}" as never;

export const SetOauth2SessionName: Operation<SetOauth2SessionNameMutation, SetOauth2SessionNameMutationVariables> = "mutation SetOauth2SessionName($id:ID!$humanName:String!){setOauth2SessionName(input:{oauth2SessionId:$id humanName:$humanName}){status}}" as never;

export const SetCompatSessionName: Operation<SetCompatSessionNameMutation, SetCompatSessionNameMutationVariables> = "mutation SetCompatSessionName($id:ID!$humanName:String!){setCompatSessionName(input:{compatSessionId:$id humanName:$humanName}){status}}" as never;

export const PersonalSessions: Operation<PersonalSessionsQuery, PersonalSessionsQueryVariables> = "query PersonalSessions($first:Int$after:String$last:Int$before:String){viewer{__typename ...on User{id personalSessions(revoked:false first:$first after:$after last:$last before:$before){pageInfo{hasNextPage hasPreviousPage startCursor endCursor}nodes{id createdAt humanName scope state expiresAt lastActiveAt lastActiveIp madeByAdministrator}}}}}" as never;

export const CreatePersonalSession: Operation<CreatePersonalSessionMutation, CreatePersonalSessionMutationVariables> = "mutation CreatePersonalSession($humanName:String!$scope:String!$expiresIn:Int$password:String){createPersonalSession(input:{humanName:$humanName scope:$scope expiresIn:$expiresIn password:$password}){status accessToken}}" as never;

export const RevokePersonalSession: Operation<RevokePersonalSessionMutation, RevokePersonalSessionMutationVariables> = "mutation RevokePersonalSession($id:ID!){revokePersonalSession(input:{personalSessionId:$id}){status}}" as never;
