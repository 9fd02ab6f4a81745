package javacardx.apdu;

/// Says that an applet takes commands of the extended length of ISO 7816-4; others are refused them.
public interface ExtendedLength {}
