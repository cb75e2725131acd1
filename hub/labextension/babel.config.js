module.exports = {
  presets: ['@babel/preset-typescript', '@babel/preset-react'],
  plugins: ['@babel/plugin-transform-modules-commonjs']
};
