package io.matriarch.cli.ensemble;

/** Nothing can be said about the ensemble, for a reason that is not a difference: the message says what, where and what to do. */
final class CannotVerifyException extends Exception {
    private static final long serialVersionUID = 1L;

    CannotVerifyException(String message) {
        super(message);
    }
}
