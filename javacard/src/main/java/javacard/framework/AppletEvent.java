package javacard.framework;

public interface AppletEvent {
    /// The instance is about to be deleted.
    void uninstall();
}
