/** The four channels between the preload and the main process; pages cannot name others. */
export const CALL_CHANNEL = "consulting-room:call";
export const CANCEL_CHANNEL = "consulting-room:cancel";
export const SUBSCRIBE_CHANNEL = "consulting-room:subscribe";
export const TOPIC_CHANNEL = "consulting-room:topic";
