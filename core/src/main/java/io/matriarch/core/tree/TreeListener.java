package io.matriarch.core.tree;

import io.matriarch.wire.Acl;
import java.util.List;

/**
 * Told of every change that watches may see, in the order of the changes, each right after it was made. Paths are full;
 * the access lists are those that decide who may see the event (client.md 13.4).
 */
public interface TreeListener {
    /** Nobody listens. */
    TreeListener NONE = new TreeListener() {
        @Override
        public void created(String path, List<Acl> acl, List<Acl> parentAcl, long zxid) {}

        @Override
        public void deleted(String path, List<Acl> acl, List<Acl> parentAcl, long zxid) {}

        @Override
        public void dataChanged(String path, List<Acl> acl, long zxid) {}
    };

    /** {@code path} was created, with {@code acl}. */
    void created(String path, List<Acl> acl, List<Acl> parentAcl, long zxid);

    /** {@code path} was deleted; it had {@code acl}. */
    void deleted(String path, List<Acl> acl, List<Acl> parentAcl, long zxid);

    /** The data of {@code path} was set. */
    void dataChanged(String path, List<Acl> acl, long zxid);
}
