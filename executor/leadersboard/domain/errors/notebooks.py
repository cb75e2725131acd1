"""Notebooks and their parameters."""

from leadersboard.domain.errors.root import LeadersBoardError


class UnreadableNotebook(LeadersBoardError):
    code = "unreadable_notebook"
    en = "The notebook {name!r} cannot be read: {problem}. Open it in Jupyter, save it again and send that file."
    ja = "ノートブック {name!r} を読めません({problem})。Jupyter で開いて保存し直したファイルを送ってください。"


class NoParametersCell(LeadersBoardError):
    code = "no_parameters_cell"
    en = "The notebook {name!r} has no cell tagged 'parameters', so it takes none. Tag the cell with its defaults."
    ja = "ノートブック {name!r} に 'parameters' タグのセルがないため、パラメータを渡せません。既定値のセルにタグを付けてください。"


class UnreadableParametersCell(LeadersBoardError):
    code = "unreadable_parameters_cell"
    en = "The cell tagged 'parameters' in {name!r} cannot be read: {problem}. Keep to lines like 'epochs = 10'."
    ja = "{name!r} の 'parameters' セルを読めません({problem})。'epochs = 10' のような行だけにしてください。"


class UnknownParameter(LeadersBoardError):
    code = "unknown_parameter"
    field = "parameters.{name}"
    en = "The notebook has no parameter {name!r}. It has: {known}."
    ja = "ノートブックにパラメータ {name!r} はありません。あるのは {known} です。"


class WrongParameterType(LeadersBoardError):
    code = "wrong_parameter_type"
    field = "parameters.{name}"
    en = "The parameter {name!r} takes {expected}, but {given!r} was given."
    ja = "パラメータ {name!r} は {expected} ですが、{given!r} が渡されました。"


class ReservedParameter(LeadersBoardError):
    code = "reserved_parameter"
    field = "parameters.{name}"
    en = "The parameter {name!r} is set by the platform. Leave it out."
    ja = "パラメータ {name!r} はプラットフォームが設定します。指定しないでください。"


class ParametersForScript(LeadersBoardError):
    code = "parameters_for_script"
    en = "A script takes its settings from its config file. Change {config_file!r} and submit again, without 'parameters'."
    ja = "スクリプトの設定は設定ファイルから読まれます。'parameters' を外し、{config_file!r} を変えて送り直してください。"
