package javacard.framework;

/// What one package may call of another's: methods of interfaces that extend this one, and nothing else.
public interface Shareable {}
