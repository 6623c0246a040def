package io.matriarch.candidate;

import java.util.List;
import java.util.function.Consumer;

/**
 * Who is there: each member has an ephemeral znode under one path, which is made again when it was lost. Everybody who
 * watches is woken by every change, which is what a group is for.
 */
public final class Group {
    private final ElectionSession session;
    private final String path;

    Group(ElectionSession session, String path) {
        this.session = session;
        this.path = path;
    }

    /**
     * Joins, for as long as the returned candidacy is open.
     *
     * @param content what others should know of this member
     */
    public Candidacy join(byte[] content) {
        return session.candidacy(path)
                .layout(Layout.MEMBER)
                .aim(Aim.BE_THERE, name -> false)
                .content(content)
                .start();
    }

    /**
     * Tells the members, first comer first, now and after each change; changes that follow quickly are told as one.
     *
     * @param listener runs on the session's thread, and must not block it
     */
    public GroupWatch watch(Consumer<List<Member>> listener) {
        GroupWatch watch = new GroupWatch(session, path, (members, others) -> listener.accept(members));
        watch.start();
        return watch;
    }
}
