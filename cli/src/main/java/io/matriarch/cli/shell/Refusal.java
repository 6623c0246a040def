package io.matriarch.cli.shell;

import java.util.Optional;
import org.apache.zookeeper.KeeperException;

/** What a server, or the way to it, refused, in words: zkCli's, as people search for them, then what to do. */
final class Refusal {
    private Refusal() {}

    static ShellException of(KeeperException e, String subject) {
        String path = Optional.ofNullable(e.getPath()).filter(p -> !p.isEmpty()).orElse(subject);
        return ShellException.failed(e.code().name(), text(e, path));
    }

    private static String text(KeeperException e, String path) {
        return switch (e.code()) {
            case NONODE -> "Node does not exist: " + path;
            case NODEEXISTS -> "Node already exists: " + path;
            case NOTEMPTY -> "Node not empty: " + path + "; deleteall removes it with what is below it";
            case NOCHILDRENFOREPHEMERALS -> "Ephemerals cannot have children: " + path;
            case BADVERSION ->
                "version No is not valid : " + path + "; somebody changed it meanwhile: see stat " + path;
            case BADARGUMENTS -> "Arguments are not valid : " + path;
            case INVALIDACL ->
                "Acl is not valid : " + path + "; an ACL is scheme:id:perms[,…], as in world:anyone:cdrwa";
            case NOAUTH -> "Insufficient permission : " + path + "; see getAcl " + path + ", whoami and addauth";
            case AUTHFAILED ->
                "Authentication failed; the server does not know the scheme, or the credentials are wrong."
                        + " The session is over: connect opens another";
            case NOTREADONLY ->
                "Not a read-only call: " + path + "; the server has no quorum and only reads are served";
            case QUOTAEXCEEDED -> "Quota has exceeded : " + path + "; see listquota";
            case NOWATCHER -> "No watch of this kind is on " + path + " in this session";
            case UNIMPLEMENTED ->
                "The server does not do this: it is older, or the feature is off"
                        + " (time to live needs extendedTypesEnabled=true)";
            case CONNECTIONLOSS ->
                "Connection lost before the answer came; whether it was done is not known"
                        + (path.isEmpty() ? "" : ": " + path);
            case SESSIONEXPIRED -> "The session expired, and its ephemeral znodes are gone: connect opens another";
            case RECONFIGDISABLED -> "Reconfiguration is switched off: reconfigEnabled=true in every zoo.cfg allows it";
            case NEWCONFIGNOQUORUM -> "No quorum of the new configuration is connected and in sync";
            case RECONFIGINPROGRESS -> "Another reconfiguration is in progress; try again";
            case THROTTLEDOP -> "The server is overloaded and has put it off; try again";
            case REQUESTTIMEOUT -> "No answer came in time (zookeeper.request.timeout)";
            default -> e.code() + (path.isEmpty() ? "" : ": " + path);
        };
    }
}
