MORE = ' and more'
