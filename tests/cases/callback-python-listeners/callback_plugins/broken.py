class CallbackModule(:
