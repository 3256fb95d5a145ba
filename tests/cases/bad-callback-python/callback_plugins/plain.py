class CallbackModule:
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "plain"
