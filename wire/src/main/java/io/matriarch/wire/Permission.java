package io.matriarch.wire;

/** The permission bits of an access list entry (client.md 11.1). Other bits may be set and are kept as given. */
public final class Permission {
    /** Reads of the znode and delivery of its watch events. */
    public static final int READ = 1;

    /** setData. */
    public static final int WRITE = 2;

    /** Creation of children. */
    public static final int CREATE = 4;

    /** Deletion of children. */
    public static final int DELETE = 8;

    /** setACL, and sight of the full access list. */
    public static final int ADMIN = 16;

    /** All five. */
    public static final int ALL = 31;

    private Permission() {}
}
